"""Finds expressions next to the cursor."""

from __future__ import annotations

import re

_WORD_END = re.compile(r"[^\W\d]\w*\Z")


def trailing_expression(text: str) -> str:
    """Returns the longest chain of names, attributes, subscripts, calls and literals at the end of a text."""
    end = len(text)
    start = end
    while True:
        if start > 0 and text[start - 1] in ")]}":
            opened = _opening(text, start - 1)
            if opened is None:
                break
            start = opened
            name = _WORD_END.search(text, 0, start)
            if name is None and start > 0 and text[start - 1] in ")]}\"'":
                continue
        elif start > 0 and text[start - 1] in "\"'":
            opened = _string_start(text, start - 1)
            if opened is None:
                break
            start = opened
            break
        name = _WORD_END.search(text[:start])
        if name is not None:
            start = name.start()
        if start > 0 and text[start - 1] == "." and not text[:start].endswith(".."):
            start -= 1
            continue
        break
    return text[start:end].lstrip(".")


def _opening(text: str, index: int) -> int | None:
    depth = 0
    while index >= 0:
        char = text[index]
        if char in ")]}":
            depth += 1
        elif char in "([{":
            depth -= 1
            if depth == 0:
                return index
        elif char in "\"'":
            start = _string_start(text, index)
            if start is None:
                return None
            index = start
        elif char == "\n" and depth == 0:
            return None
        index -= 1
    return None


def _string_start(text: str, index: int) -> int | None:
    quote = text[index]
    start = text.rfind(quote, 0, index)
    while start > 0 and text[start - 1] == "\\":
        start = text.rfind(quote, 0, start)
    return start if start >= 0 else None


def open_call(text: str) -> tuple[str, str] | None:
    """Returns the function in whose arguments a text ends, and the text of the arguments; None outside of a call."""
    from ..source.scanner import Scanner

    scanner = Scanner()
    scanner.feed(text)
    if scanner.quote:
        text = text[: scanner.string_start]
        scanner = Scanner()
        scanner.feed(text)
    for bracket, position in reversed(scanner.brackets):
        if bracket != "(":
            continue
        function = trailing_expression(text[:position].rstrip())
        if function and not function[0].isdigit():
            return function, text[position + 1 :]
        return None
    return None
