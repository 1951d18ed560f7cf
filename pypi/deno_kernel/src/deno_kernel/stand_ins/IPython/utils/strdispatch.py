"""The stand-in for `IPython.utils.strdispatch`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from IPython.core.hooks import CommandChainDispatcher

__all__ = ["StrDispatch"]


class StrDispatch:
    """A `StrDispatch` has functions by a word, or by a pattern that a word matches."""

    def __init__(self) -> None:
        self.strs: dict[str, CommandChainDispatcher] = {}
        self.regexs: dict[re.Pattern[str], CommandChainDispatcher] = {}

    def add_s(self, s: str, obj: Any, priority: int = 0) -> None:
        """Adds a function for a word."""
        self.strs.setdefault(s, CommandChainDispatcher()).add(obj, priority)

    def add_re(self, regex: str, obj: Any, priority: int = 0) -> None:
        """Adds a function for the words that a pattern matches."""
        self.regexs.setdefault(re.compile(regex), CommandChainDispatcher()).add(obj, priority)

    def flat_matches(self, key: str) -> Iterator[Any]:
        """Yields the functions for a word."""
        for chain in self.dispatch(key):
            for _, obj in chain:
                yield obj

    def dispatch(self, key: str) -> Iterator[CommandChainDispatcher]:
        """Yields the chains of functions for a word."""
        if key in self.strs:
            yield self.strs[key]
        for pattern, chain in self.regexs.items():
            if pattern.match(key):
                yield chain

    s_matches = flat_matches
