"""The stand-in for `IPython.core.error`."""

from __future__ import annotations

from ..ipython.magic import UsageError
from ..waiting.stdin import StdinNotImplementedError

__all__ = ["IPythonCoreError", "StdinNotImplementedError", "TryNext", "UsageError"]


class IPythonCoreError(Exception):
    """An `IPythonCoreError` is the base of IPython's own errors."""


class TryNext(IPythonCoreError):
    """A `TryNext` is raised by a handler that leaves its work to the next one."""
