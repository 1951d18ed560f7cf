"""Advice about a module that was not found, for the person who reads the error."""

from __future__ import annotations

import ast
import linecache
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..packages.known_modules import known_packages

if TYPE_CHECKING:
    from ..kernel import Kernel


def advise(kernel: Kernel, error: ModuleNotFoundError) -> None:
    """Adds a note to an error that nobody caught: the package of the module, if it is generally known, and how to get it."""
    name = error.name
    if name is None or str(error) != f"No module named {name!r}" or getattr(error, "__notes__", None):
        return  # The reason is told already.
    package = next(filter(None, map(known_packages().get, [*_wanted(error, name), name])), None)
    if package is not None:
        error.add_note(f"{name} comes with the package {package}{kernel.packages.questions.advice(package)}")


def _wanted(error: ModuleNotFoundError, name: str) -> Iterator[str]:
    """Yields the modules below the missing one that the failing line imports, such as google.protobuf."""
    place = error.__traceback__
    if place is None:
        return
    while place.tb_next is not None and not place.tb_next.tb_frame.f_globals.get("__name__", "").startswith("importlib."):
        place = place.tb_next
    line = linecache.getline(place.tb_frame.f_code.co_filename, place.tb_lineno).strip()
    try:
        tree = ast.parse(line)
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [it.name for it in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [*(f"{node.module}.{it.name}" for it in node.names), node.module]
        for found in names:
            while found.startswith(f"{name}."):
                yield found
                found = found.rpartition(".")[0]
