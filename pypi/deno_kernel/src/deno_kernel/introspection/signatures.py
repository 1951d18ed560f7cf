"""The arguments of functions, without running them."""

from __future__ import annotations

import inspect
import re
from typing import Any

_FIRST_CALL = re.compile(r"^[\w\s.]*\(([^)]*)\)")
_DEFAULT = re.compile(r"\s*(?:\w+\s+)?([^\W\d]\w*)\s*=.*", re.DOTALL)
_LONGEST_LINE = 75


def keyword_arguments(function: Any) -> list[str]:
    """Returns the names of the arguments that a function takes by name."""
    if not callable(function):
        return []
    try:
        parameters = inspect.signature(function).parameters.values()
    except Exception:
        return defaults_in_docstring(getattr(function, "__doc__", None))
    return [one.name for one in parameters if one.kind in (one.POSITIONAL_OR_KEYWORD, one.KEYWORD_ONLY)]


def defaults_in_docstring(text: Any) -> list[str]:
    """Returns the arguments with defaults in the call with which a docstring begins: `min(iterable[, key=func])`."""
    if not isinstance(text, str):
        return []
    call = _FIRST_CALL.match(text.lstrip().splitlines()[0] if text.strip() else "")
    if call is None:
        return []
    parts = (_DEFAULT.fullmatch(part) for part in call[1].replace("[", "").replace("]", "").split(","))
    return [part[1] for part in parts if part is not None]


def short_signature(function: Any) -> str:
    """Returns the names of the arguments of a function, such as `(file, mode)`; an empty str if they are not known."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except Exception:
        return ""
    signs = {inspect.Parameter.VAR_POSITIONAL: "*", inspect.Parameter.VAR_KEYWORD: "**"}
    return f"({', '.join(signs.get(one.kind, '') + one.name for one in parameters)})"


def render_signature(signature: inspect.Signature, name: str) -> str:
    """Returns a signature in one line, or with a line for each argument if it is long."""
    if len(name) + len(str(signature)) <= _LONGEST_LINE:
        return f"{name}{signature}"
    parts: list[str] = []
    before = None
    for one in signature.parameters.values():
        if before is one.POSITIONAL_ONLY and one.kind is not one.POSITIONAL_ONLY:
            parts.append("/")
        if one.kind is one.KEYWORD_ONLY and before not in (one.KEYWORD_ONLY, one.VAR_POSITIONAL):
            parts.append("*")
        parts.append(str(one))
        before = one.kind
    if before is inspect.Parameter.POSITIONAL_ONLY:
        parts.append("/")
    arguments = "".join(f"    {part},\n" for part in parts)
    return f"{name}(\n{arguments}){str(signature.replace(parameters=[]))[2:]}"
