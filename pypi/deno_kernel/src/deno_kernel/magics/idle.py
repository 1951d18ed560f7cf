"""The magics of IPython that would have no effect in this kernel; each says so once."""

from __future__ import annotations

import sys
from typing import Any

from ..ipython.magic import Magics, line_magic, magics_class

_REASONS = {
    "autoawait": "cells can always await",
    "autosave": "the front end decides when it saves",
    "connect_info": "the server knows how to connect to this kernel",
    "doctest_mode": "prompts belong to the front end",
    "gui": "there is no window system",
    "killbgscripts": "there are no processes",
    "logoff": "the notebook is the log",
    "logon": "the notebook is the log",
    "logstart": "the notebook is the log",
    "logstate": "the notebook is the log",
    "logstop": "the notebook is the log",
    "qtconsole": "there is no window system",
    "rehashx": "there are no programs",
    "subshell": "a kernel runs one cell at a time",
}


def _idle(name: str, reason: str) -> Any:
    def run(self: Any, line: str = "") -> None:
        if name not in self.said:
            self.said.add(name)
            print(f"%{name} has no effect here: {reason}.", file=sys.stderr)

    run.__name__ = name
    run.__doc__ = f"Does nothing: {reason}."
    return line_magic(run)


@magics_class
class IdleMagics(Magics):
    """An `IdleMagics` has magics that only say, once, that they have no effect."""

    def __init__(self, shell: Any = None, **options: Any) -> None:
        super().__init__(shell, **options)
        self.said: set[str] = set()


for _name, _reason in _REASONS.items():
    setattr(IdleMagics, _name, _idle(_name, _reason))
