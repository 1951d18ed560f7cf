"""The stand-in for `IPython.core.magics.extension`."""

from __future__ import annotations

from deno_kernel.magics.extensions import ExtensionMagics

__all__ = ["ExtensionMagics"]
