"""Describes variables and their parts for debuggers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any

from ..introspection.variables import describe

MAX_PARTS = 1000
MAX_TEXT = 10_000
_SIMPLE = (bool, int, float, complex, str, bytes, type(None), ModuleType, FunctionType, BuiltinFunctionType, MethodType)


def text_of(value: Any) -> str:
    """Returns the repr of a value, shortened, whatever the value's class does."""
    try:
        text = repr(value)
    except Exception as error:
        return f"<repr() failed: {type(error).__name__}>"
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 1] + "…"


class References:
    """A `References` gives numbers to values that have parts, until it is cleared."""

    def __init__(self) -> None:
        self._values: list[Any] = []

    def clear(self) -> None:
        """Forgets all numbers."""
        self._values.clear()

    def add(self, value: Any) -> int:
        """Returns a number for a value, from 1 on."""
        self._values.append(value)
        return len(self._values)

    def variable(self, name: str, value: Any, evaluate_name: str = "") -> dict[str, Any]:
        """Describes a variable as the protocol does."""
        summary = describe(name, value)
        return {
            "name": name,
            "value": summary["summary"],
            "type": summary["type"],
            "evaluateName": evaluate_name or name,
            "variablesReference": self.add((value, evaluate_name or name)) if _has_parts(value) else 0,
        }

    def parts(self, reference: int) -> list[dict[str, Any]]:
        """Describes the parts of a value by its number; raises LookupError if there is no such number."""
        if not 0 < reference <= len(self._values):
            raise LookupError(f"There is no variable with the reference {reference}")
        kept = self._values[reference - 1]
        if isinstance(kept, Names):
            return [self.variable(name, value) for name, value in kept.items()]
        value, name = kept
        return [self.variable(part, item, path) for part, item, path in _first(_parts(value, name))]


class Names:
    """A `Names` is a scope: the names of a frame that a user wants to see."""

    def __init__(self, names: Mapping[str, Any], shown: Iterable[str] | None = None) -> None:
        self._names = names
        self._shown = shown

    def items(self) -> list[tuple[str, Any]]:
        """Returns the present names and values."""
        names = dict(self._names)
        shown = [name for name in names if not name.startswith("__")] if self._shown is None else self._shown
        return [(name, names[name]) for name in _first(shown) if name in names]


def _first(items: Iterable[Any]) -> Iterable[Any]:
    for index, item in enumerate(items):
        if index == MAX_PARTS:
            return
        yield item


def _attributes(value: Any) -> dict[str, Any]:
    try:
        return {name: item for name, item in vars(value).items() if not name.startswith("__")}
    except TypeError:
        return {}


def _has_parts(value: Any) -> bool:
    if isinstance(value, _SIMPLE):
        return False
    if type(value) in (dict, list, tuple, set, frozenset):
        return len(value) > 0
    return bool(_attributes(value)) or isinstance(value, (dict, list, tuple, set, frozenset))


def _parts(value: Any, name: str) -> Iterable[tuple[str, Any, str]]:
    if isinstance(value, dict):
        for key, item in list(value.items()):
            text = describe("", key)["summary"]
            yield text, item, f"{name}[{text}]"
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            yield str(index), item, f"{name}[{index}]"
    elif isinstance(value, (set, frozenset)):
        for index, item in enumerate(value):
            yield str(index), item, f"list({name})[{index}]"
    for attribute, item in _attributes(value).items():
        yield attribute, item, f"{name}.{attribute}"
