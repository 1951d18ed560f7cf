"""The stand-in for `IPython.utils.text`."""

from __future__ import annotations

import os
import re
import textwrap
import warnings
from collections.abc import Callable, Iterable, Sequence
from string import Formatter
from typing import Any

__all__ = [
    "DollarFormatter", "EvalFormatter", "FullEvalFormatter", "LSString", "SList", "columnize", "dedent",
    "format_screen", "get_text_list", "indent", "list_strings", "marquee", "num_ini_spaces", "strip_ansi",
    "strip_email_quotes", "wrap_paragraphs",
]  # fmt: skip


class LSString(str):
    """An `LSString` is text with its lines: `.l` and `.list`, with spaces `.s`, with line breaks `.n`, as paths `.p`."""

    @property
    def l(self) -> list[str]:  # noqa: E743 - the name of the real one
        """The lines."""
        return self.split("\n")

    list = l

    @property
    def s(self) -> str:
        """The lines in one, with spaces between them."""
        return self.replace("\n", " ")

    spstr = s

    @property
    def n(self) -> str:
        """The text."""
        return str(self)

    nlstr = n

    @property
    def p(self) -> Any:
        """The lines as paths that exist."""
        from pathlib import Path

        return [Path(line) for line in self.split("\n") if os.path.exists(line)]

    paths = p

    def get_list(self) -> Any:
        """Returns the lines."""
        return self.l

    def get_spstr(self) -> str:
        """Returns the lines in one."""
        return self.s

    def get_nlstr(self) -> str:
        """Returns the text."""
        return self.n

    def get_paths(self) -> Any:
        """Returns the lines as paths that exist."""
        return self.p


class SList(list[str]):
    """An `SList` is a list of lines: `.l`, with spaces `.s`, with line breaks `.n`, as paths `.p`; see `grep`, `fields`."""

    @property
    def l(self) -> SList:  # noqa: E743 - the name of the real one
        """The lines."""
        return self

    list = l

    @property
    def s(self) -> str:
        """The lines in one, with spaces between them."""
        return " ".join(self)

    spstr = s

    @property
    def n(self) -> str:
        """The lines as one text."""
        return "\n".join(self)

    nlstr = n

    @property
    def p(self) -> Any:
        """The lines as paths that exist."""
        from pathlib import Path

        return [Path(line) for line in self if os.path.exists(line)]

    paths = p

    get_list, get_spstr, get_nlstr, get_paths = LSString.get_list, LSString.get_spstr, LSString.get_nlstr, LSString.get_paths

    def grep(self, pattern: str | Callable[[str], Any], prune: bool = False, field: int | None = None) -> SList:
        """Returns the lines that match a pattern, or for which a function is true; with `prune`, the others."""
        matches = pattern if callable(pattern) else lambda text: re.search(pattern, text, re.IGNORECASE)

        def part(line: str) -> str:
            if field is None:
                return line
            words = line.split()
            return words[field] if -len(words) <= field < len(words) else ""

        return SList([line for line in self if bool(matches(part(line))) is not prune])

    def fields(self, *fields: int) -> Any:
        """Returns the words of each line; with numbers, only those, as one text for each line."""
        if not fields:
            return [line.split() for line in self]
        found = SList()
        for words in [line.split() for line in self]:
            kept = [words[number] for number in fields if -len(words) <= number < len(words)]
            if kept:
                found.append(" ".join(kept))
        return found

    def sort(self, field: int | None = None, nums: bool = False) -> SList:  # type: ignore[override]
        """Returns the lines, sorted by a word of them if a number is given; with `nums`, by the number in it."""

        def key(line: str) -> Any:
            text = line if field is None else (line.split() + [""] * (field + 1))[field]
            if not nums:
                return text
            digits = "".join(char for char in text if char.isdigit())
            return int(digits) if digits else 0

        return SList(sorted(self, key=key))


class EvalFormatter(Formatter):
    """An `EvalFormatter` is a `string.Formatter` whose fields are expressions."""

    def vformat(self, format_string: str, args: Any, kwargs: Any) -> str:
        """Returns the format with the values of its expressions."""
        parts = []
        for text, field, spec, conversion in self.parse(format_string):
            parts.append(text)
            if field is not None:
                value = self.convert_field(self.get_field(field, args, kwargs)[0], conversion)  # type: ignore[arg-type]
                parts.append(self.format_field(value, self.vformat(spec or "", args, kwargs)))
        return "".join(parts)

    def get_field(self, field_name: str, args: Any, kwargs: Any) -> tuple[Any, str]:
        """Returns the value of an expression."""
        return eval(field_name, kwargs), field_name


class FullEvalFormatter(EvalFormatter):
    """A `FullEvalFormatter` takes a colon for a part of the expression, such as a slice, and knows no formats."""

    def parse(self, format_string: str) -> Any:
        """Yields the parts of a format."""
        for text, field, spec, conversion in super().parse(format_string):
            yield text, f"{field}:{spec}" if spec else field, "" if spec else spec, conversion


class DollarFormatter(FullEvalFormatter):
    """A `DollarFormatter` replaces `$name` and `$name.attribute` as well; `$$` is a dollar sign."""

    _dollar = re.compile(r"(.*?)\$(\$?[\w\.]+)")

    def parse(self, format_string: str) -> Any:
        """Yields the parts of a format."""
        for text, field, spec, conversion in super().parse(format_string):
            at = 0
            for match in self._dollar.finditer(text):
                before, name = match.groups()
                at = match.end()
                yield (before + name, None, None, None) if name.startswith("$") else (before, name, "", None)
            yield text[at:], field, spec, conversion


def indent(instr: str, nspaces: int = 4, ntabs: int = 0, flatten: bool = False) -> str:
    """Returns text with every line indented; with `flatten`, whatever its indentation was."""
    margin = "\t" * ntabs + " " * nspaces
    pattern = re.compile(r"^\s*", re.MULTILINE) if flatten else re.compile(r"^", re.MULTILINE)
    found = re.sub(pattern, margin, instr)
    return found[: -len(margin)] if margin and found.endswith(os.linesep + margin) else found


def dedent(text: str) -> str:
    """Returns text without its common indentation; the first line need not be indented."""
    if text.startswith("\n"):
        return textwrap.dedent(text)
    first, *rest = text.split("\n", 1)
    return "\n".join([first, textwrap.dedent(rest[0])]) if rest else textwrap.dedent(text)


def list_strings(arg: str | list[str]) -> list[str]:
    """Returns a list of str unchanged, and one str as a list."""
    return [arg] if isinstance(arg, str) else arg


def marquee(txt: str = "", width: int = 78, mark: str = "*") -> str:
    """Returns text in the middle of a line of marks."""
    if not txt:
        return (mark * width)[:width]
    marks = mark * max(0, (width - len(txt) - 2) // len(mark) // 2)
    return f"{marks} {txt} {marks}"


def num_ini_spaces(strng: str) -> int:
    """Returns the number of spaces at the beginning."""
    return len(strng) - len(strng.lstrip(" "))


def format_screen(strng: str) -> str:
    """Returns text without the backslashes at the ends of its lines."""
    return re.sub(r"\\$", "", strng, flags=re.MULTILINE)


def wrap_paragraphs(text: str, ncols: int = 80) -> list[str]:
    """Returns the paragraphs of a text, each wrapped to a width; indented ones stay as they are."""
    paragraphs = re.split(r"\n(?:\s*\n)+", dedent(text).strip())
    return [one if re.search(r"\n\s+", one) else textwrap.fill(one, ncols) for one in paragraphs]


def strip_email_quotes(text: str) -> str:
    """Returns text without the `>` with which all its lines begin."""
    lines = text.splitlines()
    prefix = os.path.commonprefix([(re.match(r"^(\s*>[\s>]*|)", line) or [""])[0] for line in lines])
    return "\n".join(line[len(prefix) :] for line in lines)


def strip_ansi(source: str) -> str:
    """Returns text without its ANSI escapes."""
    return re.sub(r"\x1b\[(\d|;)+?m", "", source)


def columnize(items: Sequence[str], row_first: bool = False, separator: str = "  ", displaywidth: int = 80, spread: bool = False) -> str:
    """Returns words in columns that fit into a width; with `spread`, the columns fill it."""
    warnings.warn("columnize is no part of IPython's interface any more", PendingDeprecationWarning, stacklevel=2)
    if not items:
        return "\n"
    count = len(items)
    for rows in range(1, count + 1):
        columns = -(-count // rows)
        table = [items[i * columns : (i + 1) * columns] for i in range(rows)] if row_first else [items[i::rows] for i in range(rows)]
        widths = [max(len(row[at]) for row in table if at < len(row)) for at in range(columns) if any(at < len(row) for row in table)]
        if sum(widths) + len(separator) * (len(widths) - 1) <= displaywidth or rows == count:
            break
    if spread and len(widths) > 1:
        separator = separator.ljust((displaywidth - sum(widths)) // (len(widths) - 1))
    lines = [separator.join(word.ljust(width) for word, width in zip(row, widths, strict=False)).rstrip() for row in table]
    return "\n".join(lines) + "\n"


def get_text_list(list_: Iterable[str], last_sep: str = " and ", sep: str = ", ", wrap_item_with: str = "") -> str:
    """Returns items as words of a sentence: `a, b and c`."""
    words = [f"{wrap_item_with}{item}{wrap_item_with}" for item in list_]
    return sep.join(words[:-1]) + last_sep + words[-1] if len(words) > 1 else "".join(words)
