"""`IPython.core.error`."""

from __future__ import annotations

from ..ipython.magic import UsageError
from ..waiting.stdin import StdinNotImplementedError

__all__ = ["IPythonCoreError", "StdinNotImplementedError", "TryNext", "UsageError"]


class IPythonCoreError(Exception):
    """The base of IPython's own errors."""


class TryNext(IPythonCoreError):
    """Raised by a handler that leaves the matter to the next one."""
