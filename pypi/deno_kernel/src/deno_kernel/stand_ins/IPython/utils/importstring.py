"""The stand-in for `IPython.utils.importstring`."""

from __future__ import annotations

import importlib
from typing import Any

__all__ = ["import_item"]


def import_item(name: str) -> Any:
    """Imports a module, or an object of a module: `a.b.c` is the `c` of `a.b`."""
    package, _, item = name.rpartition(".")
    if not package:
        return importlib.import_module(name)
    module = importlib.import_module(package)
    try:
        return getattr(module, item)
    except AttributeError:
        raise ImportError(f"No module named {item}") from None
