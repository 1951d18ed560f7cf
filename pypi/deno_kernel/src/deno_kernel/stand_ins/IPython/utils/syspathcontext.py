"""The stand-in for `IPython.utils.syspathcontext`."""

from __future__ import annotations

import sys
from typing import Any

__all__ = ["appended_to_syspath", "prepended_to_syspath"]


class prepended_to_syspath:
    """A `prepended_to_syspath` is a context in which a directory is the first of `sys.path`."""

    _at = 0

    def __init__(self, dir: str) -> None:
        self.dir = dir

    def __enter__(self) -> Any:
        self.added = self.dir not in sys.path
        if self.added:
            sys.path.insert(self._at if self._at == 0 else len(sys.path), self.dir)
        return self

    def __exit__(self, *error: object) -> None:
        if self.added and self.dir in sys.path:
            sys.path.remove(self.dir)


class appended_to_syspath(prepended_to_syspath):
    """An `appended_to_syspath` is a context in which a directory is the last of `sys.path`."""

    _at = -1
