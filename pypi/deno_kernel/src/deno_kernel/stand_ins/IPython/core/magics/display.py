"""The stand-in for `IPython.core.magics.display`."""

from __future__ import annotations

from deno_kernel.magics.showing import ShowingMagics as DisplayMagics

__all__ = ["DisplayMagics"]
