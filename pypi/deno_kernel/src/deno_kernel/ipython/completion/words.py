"""Splits a line into the words that are completed."""

from __future__ import annotations

import os
import re

DELIMS = " \t\n`!@#$^&*()=+[{]}\\|;:'\",<>?"
GREEDY_DELIMS = "=\r\n"
PROTECTABLES = " ()[]{}?=\\|;:'#*\"^&"
"""The characters that a backslash protects in the name of a file."""


class CompletionSplitter:
    """A `CompletionSplitter` finds the word before the cursor; `delims` has the characters between words."""

    def __init__(self, delims: str | None = None) -> None:
        self._delims = ""
        self._delim_expr = ""
        self.delims = DELIMS if delims is None else delims

    @property
    def delims(self) -> str:
        """The characters between words."""
        return self._delims

    @delims.setter
    def delims(self, delims: str) -> None:
        self._delims = delims
        self._delim_expr = "[" + "".join("\\" + one for one in delims) + "]"

    def split_line(self, line: str, cursor_pos: int | None = None) -> str:
        """Returns the word before the cursor."""
        return re.split(self._delim_expr, line if cursor_pos is None else line[:cursor_pos])[-1]


def has_open_quotes(s: str) -> str | bool:
    """Returns the quote of which a text has an odd number, and otherwise False."""
    for quote in ('"', "'"):
        if s.count(quote) % 2:
            return quote
    return False


def protect_filename(s: str, protectables: str = PROTECTABLES) -> str:
    """Returns the name of a file with backslashes before the characters that mean something else."""
    return "".join("\\" + one if one in protectables else one for one in s)


def expand_user(path: str) -> tuple[str, bool, str]:
    """Returns a path without `~`, true if there was one, and what has taken its place."""
    if not path.startswith("~"):
        return path, False, ""
    rest = path[1:]
    expanded = os.path.expanduser(path)
    return expanded, True, expanded[: len(expanded) - len(rest)] if rest else expanded


def compress_user(path: str, tilde_expand: bool, tilde_val: str) -> str:
    """Undoes `expand_user`."""
    return path.replace(tilde_val, "~") if tilde_expand else path
