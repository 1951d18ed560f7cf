"""The stand-in for `IPython.core.magics.execution`."""

from __future__ import annotations

from deno_kernel.magics.debugging import DebuggingMagics
from deno_kernel.magics.profiling import ProfilingMagics
from deno_kernel.magics.recalling import RecallingMagics
from deno_kernel.magics.running import RunningMagics
from deno_kernel.magics.scripts import ScriptMagics
from deno_kernel.magics.session import SessionMagics
from deno_kernel.magics.timing import TimeitResult, TimingMagics
from deno_kernel.magics.timing import format_time as _format_time
from deno_kernel.magics.wrapping import WrappingMagics

__all__ = ["ExecutionMagics", "TimeitResult", "_format_time"]


class ExecutionMagics(
    DebuggingMagics, ProfilingMagics, RecallingMagics, RunningMagics, ScriptMagics, SessionMagics, TimingMagics,
    WrappingMagics,
):  # fmt: skip
    """An `ExecutionMagics` has the magics that run, measure and debug code, as a library may ask for them."""
