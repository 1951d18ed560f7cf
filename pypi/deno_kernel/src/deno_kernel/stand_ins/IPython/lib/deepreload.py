"""The stand-in for `IPython.lib.deepreload`."""

from __future__ import annotations

import importlib
import sys
from types import ModuleType

__all__ = ["reload"]


def reload(module: ModuleType, exclude: tuple[str, ...] = ()) -> ModuleType:
    """Loads a module again, after the modules of its own package that it has imported."""
    kept = {*exclude, *sys.builtin_module_names}
    package = module.__name__.partition(".")[0]
    seen: set[str] = set()

    def again(one: ModuleType) -> ModuleType:
        seen.add(one.__name__)
        for value in list(vars(one).values()):
            inner = value if isinstance(value, ModuleType) else sys.modules.get(getattr(value, "__module__", None) or "")
            if inner is None or inner.__name__ in seen or inner.__name__ in kept:
                continue
            if inner.__name__.partition(".")[0] == package:
                again(inner)
        return importlib.reload(one)

    return again(module)
