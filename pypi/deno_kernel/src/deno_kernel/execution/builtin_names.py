"""Restores the builtins that a cell has deleted or made useless, without which the kernel could not go on."""

from __future__ import annotations

import builtins
import sys

_MISSING = object()
_callable, _len, _BaseException = callable, len, BaseException


class BuiltinNames:
    """A `BuiltinNames` knows the builtins, and which of them can be called.

    Its methods look no builtin up that a cell may have taken away.
    """

    def __init__(self) -> None:
        self._current = builtins.__dict__
        self.learn()

    def learn(self) -> None:
        """Takes the present builtins for the right ones."""
        self._all = dict(self._current)
        self._known = tuple((name, value, callable(value)) for name, value in self._all.items())

    def restore(self) -> None:
        """Puts back what was deleted, or replaced by something that cannot be called, and says so on stderr."""
        try:
            if self._current == self._all:
                return
        except _BaseException:  # A value of the user cannot be compared.
            pass
        restored: list[str] = []
        for name, value, can_be_called in self._known:
            found = self._current.get(name, _MISSING)
            if found is _MISSING or can_be_called and not _callable(found):
                self._current[name] = value
                restored.append(name)
        if restored:
            names = ", ".join(restored) if _len(restored) < 10 else f"{_len(restored)} names"
            sys.stderr.write(f"The kernel cannot go on without these builtins, and has restored them: {names}\n")
