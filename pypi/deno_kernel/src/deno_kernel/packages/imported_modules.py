"""Finds the modules that code imports, and those that are missing."""

from __future__ import annotations

import ast
import sys

from ..source.quiet import parse_quietly


def imported_modules(code: str) -> list[str]:
    """Returns the names of the top-level modules that code imports; none if the code has a syntax error."""
    try:
        tree = parse_quietly(code)
    except (SyntaxError, ValueError, RecursionError):
        return []
    names: dict[str, None] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                names[alias.name.partition(".")[0]] = None
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names[node.module.partition(".")[0]] = None
    return list(names)


def is_there(module: str) -> bool:
    """Returns true if a module can be imported without the installation of a package."""
    if module in sys.modules or module in sys.stdlib_module_names:
        return True
    for finder in sys.meta_path:
        if getattr(finder, "installs_packages", False):
            continue
        try:
            if finder.find_spec(module, None) is not None:
                return True
        except (AttributeError, ImportError, ValueError):
            continue
    return False
