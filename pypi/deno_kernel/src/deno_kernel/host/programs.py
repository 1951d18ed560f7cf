"""The programs of Python that run in this interpreter beside the code of cells."""

from __future__ import annotations

import builtins
import os
import sys
from contextvars import ContextVar


class Program:
    """A `Program` is a run of a program by the command of the shell with the number `command`."""

    def __init__(self, command: int | None = None) -> None:
        self.command = command


class Surroundings:
    """`Surroundings` are what code shares with all other code of an interpreter, and a program has for itself."""

    def __init__(self) -> None:
        self._streams = sys.stdin, sys.stdout, sys.stderr
        self._argv, self._path, self._input = sys.argv, sys.path[:], builtins.input
        self._exit = os._exit
        self._environ, self._directory = dict(os.environ), os.getcwd()
        self._mask = os.umask(0)
        os.umask(self._mask)

    def install(self) -> None:
        """Gives the interpreter these surroundings."""
        sys.stdin, sys.stdout, sys.stderr = self._streams
        sys.argv, sys.path[:], builtins.input = self._argv, self._path, self._input
        os._exit = self._exit  # type: ignore[misc]
        replace_environment(self._environ)
        os.umask(self._mask)
        try:
            os.chdir(self._directory)
        except OSError:
            pass  # Other code has removed the directory.


current_program: ContextVar[Program | None] = ContextVar("deno_kernel_program", default=None)
"""The program that is running; None for the code of cells."""

running_programs: list[Program] = []
"""The programs that have begun and not ended."""

_kept: dict[Program | None, Surroundings] = {}
"""The surroundings of programs whose code does not run at this moment; under None, those of cells."""
_installed: Program | None = None


def begin_program(program: Program) -> None:
    """Begins a program with the surroundings of cells, which it may change for itself."""
    switch_to(None)
    running_programs.append(program)
    _kept[program] = Surroundings()
    switch_to(program)


def end_program(program: Program) -> None:
    """Forgets a program and its surroundings."""
    running_programs.remove(program)
    switch_to(None)
    _kept.pop(program, None)


def switch_to(program: Program | None) -> None:
    """Gives the interpreter the surroundings of a program before its code goes on; None are those of cells.

    What a program has left behind when it ended has those of cells too.
    """
    global _installed
    if program is _installed:
        return
    if program not in running_programs:
        program = None
        if _installed is None:
            return
    _kept[_installed] = Surroundings()
    _installed = program
    _kept.pop(program).install()


def replace_environment(variables: dict[str, str]) -> None:
    """Gives the interpreter these variables and no others."""
    if dict(os.environ) != variables:
        os.environ.clear()
        os.environ.update(variables)
