"""Completes the keys of subscripts."""

from __future__ import annotations

import ast
import re
import types
from typing import Any

from .completion_reply import Reply
from .evaluation import Instance, NotKnown
from .expressions import trailing_expression
from .scope import Scope

_FIRST_KEYS = re.compile(r"\[((?:[^][(){},]+,)+)\s*\Z")
_WRITTEN_KEY = re.compile(r"\[\s*(\w*)\Z")


def keys_of(obj: Any) -> list[Any]:
    """Returns the keys to offer for a subscript of an object."""
    try:
        method = getattr(obj if isinstance(obj, type) else type(obj), "_ipython_key_completions_", None)
        if isinstance(method, types.MethodType):
            return list(method())
        if method is not None and not isinstance(obj, type):
            return list(method(obj))
        if isinstance(obj, dict):
            return list(obj)
        names = getattr(getattr(obj, "dtype", None), "names", None)  # This is a structured array.
        if names:
            return list(names)
        if type(obj).__module__.partition(".")[0] == "pandas":
            if type(obj).__name__ == "_LocIndexer":
                return list(obj.obj.index)
            if hasattr(obj, "keys"):
                return list(obj.keys())
    except Exception:
        pass
    return []


def keys_after(obj: Any, written: str) -> list[Any]:
    """Returns what may follow the keys that are written, such as `'a', ` in a subscript of an object."""
    if type(obj).__name__ == "_LocIndexer" and type(obj).__module__.startswith("pandas"):
        columns = getattr(obj.obj, "columns", ())
        return list(columns) if written.count(",") == 1 else []
    try:
        first = ast.literal_eval(f"({written})")
    except (ValueError, SyntaxError):
        return []
    count = len(first)
    return [key[count] for key in keys_of(obj) if isinstance(key, tuple) and len(key) > count and key[:count] == first]


def complete_key_in_string(before: str, prefix: str, quote: str, content: str, scope: Scope) -> Reply | None:
    """Returns the matches for a str, whose first characters are `content`, after a text that may end in a subscript.

    None says that the text does not.
    """
    first_keys = _FIRST_KEYS.search(before)
    if not before.endswith("[") and first_keys is None:
        return None
    container = trailing_expression(before[: first_keys.start() if first_keys else -1].rstrip())
    if not container:
        return None
    keys = _keys(container, first_keys, scope)
    if "b" in prefix.lower():
        keys = [key.decode("latin-1") for key in keys if isinstance(key, bytes)]
    matches = [key for key in keys if isinstance(key, str) and key.startswith(content)]
    return Reply([_escaped(key, quote) for key in matches], len(content))


def complete_key_after_bracket(text: str, line: str, scope: Scope) -> Reply | None:
    """Returns the matches for a key without quotes; None if there are none."""
    first_keys = _FIRST_KEYS.search(text)
    match = _WRITTEN_KEY.search(text) or first_keys
    if match is None:
        return None
    container = trailing_expression(text[: match.start()].rstrip())
    if not container:
        return None
    prefix = "" if first_keys else match[1]
    shown = (repr(key) for key in _keys(container, first_keys, scope) if isinstance(key, (str, int, float, bytes, tuple)))
    matches = [key for key in shown if key.startswith(prefix)]
    return Reply(matches, len(prefix), dict.fromkeys(matches, "dict key")) if matches else None


def _keys(container: str, first_keys: re.Match[str] | None, scope: Scope) -> list[Any]:
    try:
        obj = scope.evaluate(container)
    except NotKnown:
        return []
    if isinstance(obj, Instance):
        return []
    return keys_after(obj, first_keys[1]) if first_keys else keys_of(obj)


def _escaped(key: str, quote: str) -> str:
    return repr(key)[1:-1] if quote not in key else key.replace("\\", "\\\\").replace(quote, "\\" + quote)
