"""The stand-in for `IPython.core.magics.config`."""

from __future__ import annotations

from deno_kernel.magics.configuring import ConfiguringMagics as ConfigMagics

__all__ = ["ConfigMagics"]
