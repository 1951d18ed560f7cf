"""The errors of IPython's shell."""

from __future__ import annotations

from typing import Any


class IPythonCoreError(Exception):
    """An `IPythonCoreError` is the base of IPython's own errors."""


class TryNext(IPythonCoreError):
    """A `TryNext` is raised by a handler that leaves its work to the next one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args)
        self.kwargs = kwargs


class InputRejected(Exception):
    """An `InputRejected` is raised by a transformer of syntax trees that does not want a cell to run."""


class UsageError(IPythonCoreError):
    """A `UsageError` says that a magic was called in a way that cannot work; it is shown without a traceback."""

    def _render_traceback_(self) -> list[str]:
        return [f"\x1b[31mUsageError\x1b[39m: {self}"]
