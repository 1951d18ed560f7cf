"""Attributes of packages that are their modules, which are imported when somebody first uses them."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any


def submodules_of(package: str) -> Callable[[str], Any]:
    """Returns a `__getattr__` for a package, as if the package had imported all its modules."""

    def attribute(name: str) -> Any:
        if not name.startswith("_"):
            full = f"{package}.{name}"
            try:
                return importlib.import_module(full)
            except ModuleNotFoundError as error:
                if error.name != full:
                    raise
        raise AttributeError(f"module {package!r} has no attribute {name!r}")

    return attribute
