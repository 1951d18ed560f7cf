"""The stand-in for `IPython.utils.tokenutil`."""

from __future__ import annotations

import io
import keyword
import tokenize
from collections.abc import Callable, Iterator

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
    """Returns the name of the function in whose call an offset is, or else the name at the offset or before it."""
    names: list[str] = []
    calls: list[str] = []
    offsets = [0]
    for line in cell.splitlines(True):
        offsets.append(offsets[-1] + len(line))
    before = ""
    for token in generate_tokens(io.StringIO(cell).readline):
        start = offsets[min(token.start[0], len(offsets)) - 1] + token.start[1]
        if start > cursor_pos or (start == cursor_pos and token.type == tokenize.OP):
            break
        if token.type == tokenize.NAME and not keyword.iskeyword(token.string):
            if before == "." and names:
                names[-1] += f".{token.string}"
            else:
                names.append(token.string)
        elif token.string == "=" and names:  # The target of an assignment is of no interest.
            names.pop()
        elif token.string == "(" and names:
            calls.append(names[-1])
        elif token.string == ")" and calls:
            calls.pop()
        before = token.string
    return calls[-1] if calls else names[-1] if names else ""
