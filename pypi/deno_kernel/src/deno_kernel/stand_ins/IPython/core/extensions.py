"""The stand-in for `IPython.core.extensions`."""

from __future__ import annotations

from deno_kernel.ipython.extension_manager import ExtensionManager

__all__ = ["ExtensionManager"]
