"""The stand-in for `IPython.core.magics.auto`."""

from __future__ import annotations

from deno_kernel.magics.naming import NamingMagics as AutoMagics

__all__ = ["AutoMagics"]
