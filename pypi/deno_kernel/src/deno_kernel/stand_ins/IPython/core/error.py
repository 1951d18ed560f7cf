"""The stand-in for `IPython.core.error`."""

from __future__ import annotations

from deno_kernel.ipython.errors import IPythonCoreError, InputRejected, TryNext, UsageError
from deno_kernel.waiting.stdin import StdinNotImplementedError

__all__ = ["IPythonCoreError", "InputRejected", "StdinNotImplementedError", "TryNext", "UsageError"]
