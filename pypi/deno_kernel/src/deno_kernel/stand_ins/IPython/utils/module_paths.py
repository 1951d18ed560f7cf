"""The stand-in for `IPython.utils.module_paths`."""

from __future__ import annotations

import importlib.util

__all__ = ["find_mod"]


def find_mod(module_name: str) -> str | None:
    """Returns the path of a module, or that of the `__init__` of a package; None if there is none."""
    spec = importlib.util.find_spec(module_name)
    return None if spec is None else spec.origin
