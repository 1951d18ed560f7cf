"""The stand-in for `IPython.core.magics`."""

from __future__ import annotations

from deno_kernel.magics.timing import TimingMagics as ExecutionMagics

__all__ = ["ExecutionMagics"]
