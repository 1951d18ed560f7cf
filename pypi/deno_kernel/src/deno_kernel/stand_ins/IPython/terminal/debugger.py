"""The stand-in for `IPython.terminal.debugger`."""

from __future__ import annotations

from IPython.core.debugger import Pdb, set_trace

__all__ = ["TerminalPdb", "set_trace"]


TerminalPdb = Pdb
