"""The stand-in for `IPython.core.magics.execution`."""

from __future__ import annotations

from deno_kernel.magics.timing import TimeitResult
from deno_kernel.magics.timing import TimingMagics as ExecutionMagics
from deno_kernel.magics.timing import format_time as _format_time

__all__ = ["ExecutionMagics", "TimeitResult", "_format_time"]
