"""The stand-in for `IPython.utils.tokenutil`."""

from __future__ import annotations

import tokenize
from collections.abc import Callable, Iterator

from deno_kernel.introspection.expressions import open_call, trailing_expression

__all__ = ["generate_tokens", "line_at_cursor", "token_at_cursor"]


def generate_tokens(readline: Callable[[], str]) -> Iterator[tokenize.TokenInfo]:
    """Yields the tokens of some source, and ends where they cannot be told."""
    try:
        yield from tokenize.generate_tokens(readline)
    except (tokenize.TokenError, SyntaxError):
        return


def line_at_cursor(cell: str, cursor_pos: int = 0) -> tuple[str, int]:
    """Returns the line in which an offset lies, and the offset of that line."""
    offset = 0
    for line in cell.splitlines(True):
        if cursor_pos < offset + len(line) or (cursor_pos == offset + len(line) and not line.endswith("\n")):
            return line, offset
        offset += len(line)
    return "", offset


def token_at_cursor(cell: str, cursor_pos: int = 0) -> str:
    """Returns the name at an offset, or else that of the function whose arguments are there."""
    end = cursor_pos
    while end < len(cell) and (cell[end].isalnum() or cell[end] == "_"):
        end += 1
    found = trailing_expression(cell[:end]) if end and (cell[end - 1].isalnum() or cell[end - 1] == "_") else ""
    if found:
        return found
    call = open_call(cell[:cursor_pos])
    return call[0] if call else ""
