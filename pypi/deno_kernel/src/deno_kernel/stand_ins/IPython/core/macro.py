"""The stand-in for `IPython.core.macro`."""

from __future__ import annotations

from deno_kernel.ipython.macro import Macro

__all__ = ["Macro"]
