"""The stand-in for `IPython.core.debugger`: the debugger of Python itself."""

from __future__ import annotations

import pdb
import sys
from typing import Any

__all__ = ["InterruptiblePdb", "Pdb", "set_trace"]


class Pdb(pdb.Pdb):
    """A `Pdb` is Python's debugger, which asks for its commands as `input` does."""

    def __init__(self, completekey: Any = None, stdin: Any = None, stdout: Any = None, context: int = 5, **options: Any) -> None:
        super().__init__(completekey or "tab", stdin, stdout, **options)
        self.context = context


InterruptiblePdb = Pdb


def set_trace(frame: Any = None, header: str | None = None) -> None:
    """Starts the debugger in the frame of the caller, or in a given one."""
    debugger = Pdb()
    if header is not None:
        debugger.message(header)
    debugger.set_trace(frame if frame is not None else sys._getframe().f_back)
