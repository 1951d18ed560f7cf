"""%debug and %pdb: magics that start the debugger."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from ..host.executions import current_execution
from ..ipython.magic import Magics, UsageError, line_cell_magic, line_magic, magics_class, no_var_expand, parse_options
from ..ipython.nested import compile_nested, run_compiled


@magics_class
class DebuggingMagics(Magics):
    """A `DebuggingMagics` has the magics that start the debugger."""

    @no_var_expand
    @line_cell_magic
    def debug(self, line: str = "", cell: str | None = None) -> None:
        """Debugs a statement or a cell: `%debug [-b FILE:LINE] [statement]`; without one, the last exception."""
        options, statement = parse_options(line, "b:", "breakpoint=")
        place = options.get("b") or options.get("breakpoint")
        source = statement if cell is None else f"{statement}\n{cell}" if statement else cell
        if not source.strip():
            if place is not None:
                raise UsageError("%debug -b needs a statement to debug")
            post_mortem(getattr(sys, "last_exc", None))
            return
        compiled = compile_nested(self.shell._kernel, source)
        debugged(lambda: run_compiled(self.shell._kernel, compiled), place, compiled.filename)

    @line_magic
    def pdb(self, line: str = "") -> None:
        """Turns the debugging of each cell that fails `on` or `off`; without a word, the other way."""
        word = line.strip().lower()
        if word not in ("", "0", "1", "off", "on"):
            raise UsageError("%pdb takes on, off, 1 or 0, or nothing")
        on = word in ("1", "on") if word else not getattr(self.shell, "call_pdb", False)
        self.shell.call_pdb = on
        callbacks = self.shell._kernel.callbacks
        registered = _after_cell in callbacks.callbacks["post_run_cell"]
        if on and not registered:
            callbacks.register("post_run_cell", _after_cell)
        elif registered and not on:
            callbacks.unregister("post_run_cell", _after_cell)
        print("Automatic pdb calling has been turned", "ON" if on else "OFF")


def debugged(function: Callable[[], Any], place: str | None, default_file: str) -> None:
    """Runs a function in the debugger, with a breakpoint at `[FILE]:LINE`; raises UsageError for another place."""
    import pdb

    debugger = pdb.Pdb()
    if place is not None:
        filename, _, number = place.rpartition(":")
        if not number.isdecimal():
            raise UsageError(f"A breakpoint needs a place such as file.py:3, not {place!r}")
        problem = debugger.set_break(filename or default_file, int(number))
        if problem:
            raise UsageError(f"Cannot set a breakpoint: {problem}")
    debugger.runcall(function)


def post_mortem(error: BaseException | None) -> None:
    """Debugs an exception where it was raised."""
    import pdb

    if error is None or error.__traceback__ is None:
        print("No traceback has been produced, nothing to debug.", file=sys.stderr)
        return
    debugger: Any = pdb.Pdb()
    debugger.reset()
    debugger.interaction(None, error if sys.version_info >= (3, 13) else error.__traceback__)


def _after_cell(result: Any) -> None:
    """Debugs what a cell failed with, if a client answers questions; an interrupt is no failure."""
    from bdb import BdbQuit

    error, execution = result.error_in_exec, current_execution.get()
    if error is None or isinstance(error, (KeyboardInterrupt, SystemExit, BdbQuit)):
        return
    if execution is not None and execution.allow_stdin:
        post_mortem(error)
