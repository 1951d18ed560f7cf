"""Finds the beginnings of logical lines, also in text that magics keep from being Python."""

from __future__ import annotations

import re
from collections.abc import Callable

_STRING_START = re.compile(r"""([A-Za-z]{0,3})('''|\"\"\"|'|")""")
_PREFIXES = frozenset(
    "".join(letters) for letters in [
        "", "r", "b", "u", "f", "t", "br", "rb", "fr", "rf", "tr", "rt",
    ]
)  # fmt: skip
_WORD = re.compile(r"\w+")


class Scanner:
    """A `Scanner` follows strings, comments, brackets and continued lines through Python text.

    After `feed`, its attributes describe the end of the text: `quote` has the quotes of the open string, `brackets`
    the open brackets with their positions, and `continued` is true if a backslash continues the last line.
    """

    def __init__(self) -> None:
        self.quote = ""
        self.raw = False
        self.string_start = 0
        self.brackets: list[tuple[str, int]] = []
        self.continued = False
        self.in_comment = False

    @property
    def at_logical_start(self) -> bool:
        """True if the next line would begin a statement."""
        return not self.quote and not self.brackets and not self.continued

    def feed(self, text: str, offset: int = 0) -> None:
        """Reads more text, whose first character has the position `offset`."""
        index, end = 0, len(text)
        if text:
            self.continued = False
        while index < end:
            if self.quote:
                index = self._inside_string(text, index)
                continue
            char = text[index]
            if char == "#":
                newline = text.find("\n", index)
                self.in_comment = newline < 0
                index = end if newline < 0 else newline
            elif char == "\n":
                self.in_comment = False
                index += 1
            elif char == "\\":
                self.continued = text[index + 1 :] in ("", "\n")
                index += 2
            elif char in "([{":
                self.brackets.append((char, offset + index))
                index += 1
            elif char in ")]}":
                if self.brackets:
                    self.brackets.pop()
                index += 1
            else:
                index = self._word_or_string(text, index, offset)

    def _word_or_string(self, text: str, index: int, offset: int) -> int:
        string = _STRING_START.match(text, index)
        if string and string[1].lower() in _PREFIXES:
            self.quote = string[2]
            self.raw = "r" in string[1].lower()
            self.string_start = offset + index
            return string.end()
        word = _WORD.match(text, index)
        return word.end() if word else index + 1

    def _inside_string(self, text: str, index: int) -> int:
        quote = self.quote
        while index < len(text):
            char = text[index]
            if char == "\\":
                index += 2
            elif text.startswith(quote, index):
                self.quote = ""
                return index + len(quote)
            elif char == "\n" and len(quote) == 1:
                self.quote = ""  # The string is not closed; the lines below must be read nevertheless.
                return index
            else:
                index += 1
        return index


def map_statements(source: str, change: Callable[[str], str | None]) -> str:
    """Calls `change` with every line that begins a statement; a str that it returns replaces the line.

    Lines that a backslash continues are passed as one. The number of lines stays the same.
    """
    lines = source.split("\n")
    scanner = Scanner()
    result: list[str] = []
    index = 0
    while index < len(lines):
        line = lines[index]
        if scanner.at_logical_start:
            joined, count = _join(lines, index)
            changed = change(joined)
            if changed is not None:
                result.append(changed)
                result.extend([""] * (count - 1))
                index += count
                continue
        scanner.feed(line + ("\n" if index + 1 < len(lines) else ""))
        result.append(line)
        index += 1
    return "\n".join(result)


def _join(lines: list[str], index: int) -> tuple[str, int]:
    count = 1
    parts = [lines[index]]
    while parts[-1].endswith("\\") and index + count < len(lines):
        parts[-1] = parts[-1][:-1]
        parts.append(lines[index + count])
        count += 1
    return "".join(parts), count
