"""Reads what the call of `setup` in a `setup.py` tells as literals. Nothing of it is executed."""

from __future__ import annotations

import ast
import configparser
import os
from typing import Any

from .project import Project

_UNKNOWN = object()


def read_setup(text: str, directory: str) -> Project | None:
    """Reads a `setup.py`; None if its call does not tell a name. An empty version is to be found in the modules.

    Raises ValueError for requirements that only a build tells.
    """
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return None
    call = next((it for it in ast.walk(tree) if isinstance(it, ast.Call) and _name_of(it) == "setup"), None)
    if call is None:
        return None
    names = {
        target.id: node.value for node in tree.body if isinstance(node, ast.Assign)
        for target in node.targets if isinstance(target, ast.Name)
    }  # fmt: skip
    told = {it.arg: _value(it.value, names) for it in call.keywords if it.arg}
    if not isinstance(told.get("name"), str):
        return None
    needs, extras = told.get("install_requires", []), told.get("extras_require", {})
    needs = needs.splitlines() if isinstance(needs, str) else needs
    if needs is _UNKNOWN or extras is _UNKNOWN or any(it.arg is None for it in call.keywords):
        raise ValueError("its requirements are only known when it is built")
    places = told.get("package_dir")
    root = places.get("", "") if isinstance(places, dict) else ""
    return Project(
        told["name"],
        version if isinstance(version := told.get("version"), str) else "",
        os.path.normpath(os.path.join(directory, root)),
        summary if isinstance(summary := told.get("description"), str) else "",
        python if isinstance(python := told.get("python_requires"), str) else "",
        [it for it in map(str.strip, needs) if it],
        {name: [found] if isinstance(found, str) else list(found) for name, found in extras.items()},
        _entry_points(told.get("entry_points", {})),
        named=[*_modules(told.get("packages")), *(f"{it}.py" for it in _modules(told.get("py_modules")))],
    )


def _name_of(call: ast.Call) -> str:
    function = call.func
    return function.id if isinstance(function, ast.Name) else function.attr if isinstance(function, ast.Attribute) else ""


def _value(node: ast.expr, names: dict[str, ast.expr]) -> Any:
    """Returns the value of a literal, or of a name that is one; `_UNKNOWN` for anything else."""
    if isinstance(node, ast.Name) and node.id in names:
        node = names[node.id]
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return _UNKNOWN


def _modules(told: Any) -> list[str]:
    """Returns a list of names as paths; none where a function finds them."""
    return [it.replace(".", "/") for it in told] if isinstance(told, (list, tuple)) else []


def _entry_points(told: Any) -> dict[str, dict[str, str]]:
    if isinstance(told, str):
        points = configparser.ConfigParser(delimiters=("=",), interpolation=None)
        points.optionxform = str  # type: ignore[assignment, method-assign]
        points.read_string(told)
        return {group: dict(points[group]) for group in points.sections()}
    if not isinstance(told, dict):
        raise ValueError("its scripts are only known when it is built")
    lists = {group: [lines] if isinstance(lines, str) else lines for group, lines in told.items()}
    return {
        group: {name.strip(): target.strip() for name, _, target in (line.partition("=") for line in lines)}
        for group, lines in lists.items()
    }
