"""Lists the user's variables, for a panel beside a notebook."""

from __future__ import annotations

import sys
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any

MAX_VARIABLES = 1000
MAX_SUMMARY = 120
#: A container with more items is described by its size, because its repr would take long and say little.
MAX_ITEMS = 100
MAX_TEXT = 10_000

_PLAIN = (bool, int, float, complex, type(None))
_CONTAINERS = (list, tuple, dict, set, frozenset)


def variables(names: dict[str, Any], user_names: list[str]) -> list[dict[str, Any]]:
    """Returns the name, type, size and summary of each variable that the user has made."""
    chosen = [name for name in user_names if not _is_imported(names[name])]
    return [describe(name, names[name]) for name in chosen[:MAX_VARIABLES]]


def _is_imported(value: Any) -> bool:
    """Returns true for modules, and for classes and functions that were not defined in a cell."""
    if isinstance(value, ModuleType):
        return True
    if isinstance(value, (type, FunctionType, BuiltinFunctionType)):
        return getattr(value, "__module__", None) != "__main__"
    return False


def describe(name: str, value: Any) -> dict[str, Any]:
    """Describes one variable; exceptions of its class are caught."""
    shape = _shape(value)
    return {
        "name": name,
        "type": type(value).__name__,
        "summary": _summary(value, shape),
        "bytes": _bytes(value),
        "length": _length(value),
        "shape": shape,
    }


def is_table(value: Any) -> bool:
    """Returns true for an array or a table, which its shape describes."""
    return _shape(value) is not None


def _shape(value: Any) -> list[int] | None:
    """Returns the shape of an array or a table; None for other values."""
    shape = _attribute(value, "shape")
    if isinstance(shape, tuple) and all(type(size) is int for size in shape):
        return list(shape)
    return None


def _length(value: Any) -> int | None:
    if isinstance(value, type):
        return None
    try:
        return len(value)
    except Exception:
        return None


def _bytes(value: Any) -> int | None:
    size = _attribute(value, "nbytes")
    if type(size) is int:
        return size
    try:
        return sys.getsizeof(value)
    except Exception:
        return None


def _summary(value: Any, shape: list[int] | None) -> str:
    try:
        return _one_line(_text(value, shape))
    except Exception as error:
        return f"<repr() failed: {type(error).__name__}>"


def _text(value: Any, shape: list[int] | None) -> str:
    if shape is not None:
        columns = _attribute(value, "columns")
        dtype = _attribute(value, "dtype")
        size = " x ".join(map(str, shape))
        if columns is not None:
            return f"{size}: {', '.join(str(column) for column in list(columns[:12]))}"
        return f"{size} {dtype}" if dtype is not None else size
    if isinstance(value, (str, bytes, bytearray)):
        return repr(value[: MAX_SUMMARY + 1])
    if isinstance(value, int) and value.bit_length() > 4_000:
        return f"an integer of {value.bit_length()} bits"
    if isinstance(value, _CONTAINERS) and not _is_small(value):
        return f"{len(value)} items"
    if isinstance(value, type) or callable(value):
        return f"{getattr(value, '__module__', '')}.{getattr(value, '__qualname__', type(value).__name__)}"
    return repr(value)


def _is_small(value: Any, budget: int = MAX_ITEMS) -> bool:
    """Returns true if the repr of a container is short and quick to make."""
    if len(value) > budget:
        return False
    items = [*value.keys(), *value.values()] if isinstance(value, dict) else list(value)
    for item in items:
        if isinstance(item, (str, bytes, bytearray)):
            if len(item) > MAX_TEXT:
                return False
        elif not isinstance(item, _PLAIN):
            return False
        elif isinstance(item, int) and item.bit_length() > 4_000:
            return False
    return True


def _one_line(text: str) -> str:
    line = " ".join(text[:MAX_TEXT].split())
    return line if len(line) <= MAX_SUMMARY else f"{line[: MAX_SUMMARY - 1]}…"


def _attribute(value: Any, name: str) -> Any:
    """Returns an attribute of an object; None for a class, whose attributes describe its objects."""
    if isinstance(value, type):
        return None
    try:
        return getattr(value, name, None)
    except Exception:
        return None
