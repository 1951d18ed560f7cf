"""The stand-in for `IPython.core.alias`."""

from __future__ import annotations

from deno_kernel.ipython.alias_manager import Alias, AliasError, AliasManager, InvalidAliasError

__all__ = ["Alias", "AliasError", "AliasManager", "InvalidAliasError"]
