"""Finds the values that the statements before the cursor give to names, without running them."""

from __future__ import annotations

import ast
import re
from collections import ChainMap
from collections.abc import Mapping
from typing import Any

from ..source.quiet import parse_quietly
from .evaluation import NotKnown, evaluate

_STATEMENT_END = re.compile(r"[;\n]")
_MOST_TEXT = 20_000


def assigned_in(text: str, names: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the values, or instances of the types, of the names that simple assignments before the cursor define."""
    found: dict[str, Any] = {}
    if "=" not in text or len(text) > _MOST_TEXT:
        return found
    for name, value in _assignments(text):
        try:
            found[name] = evaluate(value, ChainMap(found, names))  # type: ignore[arg-type]
        except NotKnown:
            found.pop(name, None)
    return found


def _assignments(text: str) -> list[tuple[str, str]]:
    """Returns the names and the expressions of assignments at the top of the code, as far as it is complete."""
    ends = [match.start() for match in _STATEMENT_END.finditer(text)]
    for end in reversed(ends[-20:]):
        try:
            tree = parse_quietly(text[:end])
        except (SyntaxError, ValueError, MemoryError, RecursionError):
            continue
        return [
            (target.id, ast.unparse(node.value))
            for node in tree.body
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        ]
    return []
