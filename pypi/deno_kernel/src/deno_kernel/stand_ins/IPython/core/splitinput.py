"""The stand-in for `IPython.core.splitinput`."""

from __future__ import annotations

import re

__all__ = ["split_user_input"]


_LINE = re.compile(r"^(\s*)(%{1,2}|!!?|\?{1,2}|[,;/])?(.*?)(?:\s+(.*))?$", re.DOTALL)


def split_user_input(line: str, pattern: re.Pattern[str] | None = None) -> tuple[str, str, str, str]:
    """Returns the space before a line, its escape character, its first word and the rest."""
    match = (pattern or _LINE).match(line)
    assert match is not None
    before, escape, word, rest = match.groups()
    return before or "", escape or "", (word or "").strip(), rest or ""
