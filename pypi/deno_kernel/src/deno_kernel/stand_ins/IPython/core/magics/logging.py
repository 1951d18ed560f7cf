"""The stand-in for `IPython.core.magics.logging`."""

from __future__ import annotations

from deno_kernel.magics.idle import IdleMagics as LoggingMagics

__all__ = ["LoggingMagics"]
