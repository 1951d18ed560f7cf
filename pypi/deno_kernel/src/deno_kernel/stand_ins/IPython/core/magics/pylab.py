"""The stand-in for `IPython.core.magics.pylab`."""

from __future__ import annotations

from deno_kernel.magics.showing import ShowingMagics as PylabMagics

__all__ = ["PylabMagics"]
