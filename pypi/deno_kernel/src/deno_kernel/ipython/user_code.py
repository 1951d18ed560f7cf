"""Code by its name: earlier cells by their numbers, files, and texts of the user."""

from __future__ import annotations

import os
from typing import Any

from ..source.files import read_source


def user_code(shell: Any, name: str) -> str:
    """Returns the text of a file, of earlier cells by their numbers, or of a variable; raises ValueError otherwise."""
    path = os.path.expanduser(name.strip("'\""))
    for candidate in (path, path + ".py"):
        if os.path.isfile(candidate):
            return read_source(candidate)
    cells = cells_by_number(shell, name)
    if cells:
        return "\n".join(cells)
    value = shell.user_ns.get(name)
    if isinstance(value, str) or type(value).__name__ == "Macro":
        return str(value)
    raise ValueError(f"{name!r} was not found in the history, as a file, or as a string in your namespace")


def cells_by_number(shell: Any, numbers: str) -> list[str]:
    """Returns the sources of cells by numbers such as `3`, `3-5` or `3:5`; an empty list if the text has others."""
    inputs = shell.user_ns.get("In", [])
    found: list[str] = []
    for part in numbers.replace(",", " ").split():
        first, dash, last = part.partition("-") if "-" in part else part.partition(":")
        if not first.isdigit() or (dash and not last.isdigit()):
            return []
        stop = int(first) + 1 if not dash else int(last) + ("-" in part)
        found.extend(inputs[int(first) : stop])
    return found
