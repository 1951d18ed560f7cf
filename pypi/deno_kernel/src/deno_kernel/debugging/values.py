"""Describes variables and their parts for debuggers."""

from __future__ import annotations

import reprlib
from collections import deque
from collections.abc import Container, Iterable, MutableMapping
from itertools import islice
from types import BuiltinFunctionType, FunctionType, MemberDescriptorType, MethodType, ModuleType
from typing import Any

from ..introspection.variables import describe, is_table

MAX_PARTS = 1000
MAX_TEXT = 10_000
MAX_SHORT = 1000
_CONTAINERS = (dict, list, tuple, set, frozenset, deque)
_SIMPLE = (bool, int, float, complex, str, bytes, type(None), ModuleType, FunctionType, BuiltinFunctionType, MethodType)


def text_of(value: Any) -> str:
    """Returns the repr of a value, shortened, whatever the value's class does."""
    try:
        text = repr(value)
    except BaseException as error:
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
        return {
            "name": name,
            "value": _short(value),
            "type": type(value).__name__,
            "evaluateName": evaluate_name or name,
            "variablesReference": self.add((value, evaluate_name or name)) if _has_parts(value) else 0,
        }

    def parts(self, reference: int) -> list[dict[str, Any]]:
        """Describes the parts of a value by its number; raises LookupError if there is no such number."""
        kept = self._kept(reference)
        if isinstance(kept, Names):
            return [self.variable(name, value) for name, value in kept.items()]
        value, name = kept
        return [self.variable(part, item, path) for part, item, path in _first(_parts(value, name))]


    def assign(self, reference: int, name: str, value: Any) -> None:
        """Gives a part of a value, or a name of a scope, a new value."""
        kept = self._kept(reference)
        if isinstance(kept, Names):
            kept.assign(name, value)
        else:
            _assign(kept[0], name, value)

    def _kept(self, reference: int) -> Any:
        if not 0 < reference <= len(self._values):
            raise LookupError(f"There is no variable with the reference {reference}")
        return self._values[reference - 1]


class Names:
    """A `Names` is a scope: the names of a frame that a user wants to see."""

    def __init__(self, names: MutableMapping[str, Any], shown: Iterable[str] | None = None) -> None:
        self._names = names
        self._shown = shown

    def assign(self, name: str, value: Any) -> None:
        """Gives a name a value."""
        if not name.isidentifier():
            raise ValueError(f"arguments.name: {name!r} is no name")
        self._names[name] = value

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
    """Returns the names that an object has of its own: in its `__dict__` and in its slots."""
    found: dict[str, Any] = {}
    try:
        found.update(vars(value))
    except Exception:  # The value has no names of its own.
        pass
    for kind in type(value).__mro__:
        for name, slot in vars(kind).items():
            if isinstance(slot, MemberDescriptorType) and name not in found:
                try:
                    found[name] = slot.__get__(value)
                except AttributeError:  # The slot is empty.
                    pass
    return {name: item for name, item in found.items() if not name.startswith("__")}


def _names_of_class(value: Any) -> list[str]:
    """Returns the public names that an object has by its class and that are no methods, such as properties."""
    found: dict[str, bool] = {}
    for kind in type(value).__mro__:
        for name, item in vars(kind).items():
            is_method = callable(item) or isinstance(item, (classmethod, staticmethod))
            found.setdefault(name, not name.startswith("_") and not is_method)
    return [name for name, is_shown in found.items() if is_shown]


def _computed(value: Any, known: Container[str]) -> Iterable[tuple[str, Any]]:
    """Computes the attributes of an object that its class defines; one that raises an exception is left out."""
    for name in _names_of_class(value):
        if name in known:
            continue
        try:
            item = getattr(value, name)
        except BaseException:  # An interrupt ends one attribute, and the next is computed.
            continue
        if not callable(item) or isinstance(item, type):
            yield name, item


def _has_parts(value: Any) -> bool:
    if isinstance(value, (*_SIMPLE, bytearray)):
        return False
    if type(value) in (dict, list, tuple, set, frozenset):
        return len(value) > 0
    return isinstance(value, _CONTAINERS) or bool(_attributes(value)) or bool(_names_of_class(value))


def _items(value: Any) -> Iterable[tuple[str, Any]]:
    """Returns the items of a container with the texts of their places: `[0]`."""
    if isinstance(value, dict):
        return [(f"[{_short(key)}]", item) for key, item in _first(list(value.items()))]
    if isinstance(value, (list, tuple, deque)):
        return [(f"[{index}]", item) for index, item in _first(enumerate(value))]
    return []


def _parts(value: Any, name: str) -> Iterable[tuple[str, Any, str]]:
    for place, item in _items(value):
        yield place[1:-1], item, f"{name}{place}"
    if isinstance(value, (set, frozenset)):
        for index, item in enumerate(value):
            yield str(index), item, f"list({name})[{index}]"
    own = _attributes(value)
    for attribute, item in (*own.items(), *_computed(value, own)):
        yield attribute, item, f"{name}.{attribute}"


def _assign(value: Any, name: str, item: Any) -> None:
    if name in _attributes(value) or name in _names_of_class(value):
        setattr(value, name, item)
    elif isinstance(value, dict):
        key = next((key for key in value if _short(key) == name), None)
        if key is None:
            raise LookupError(f"arguments.name: there is no key {name}")
        value[key] = item
    elif isinstance(value, (list, deque)) and name.isdecimal():
        value[int(name)] = item
    else:
        raise TypeError(f"A {type(value).__name__} cannot be changed")


class _Short(reprlib.Repr):
    """A `_Short` makes reprs of containers that are shortened and quick to make."""

    def __init__(self) -> None:
        super().__init__()
        self.maxlist = self.maxtuple = self.maxset = self.maxfrozenset = self.maxdeque = self.maxdict = 50
        self.maxstring = self.maxlong = self.maxother = 300

    def repr_dict(self, x: dict[Any, Any], level: int) -> str:
        if level <= 0 and x:
            return "{...}"
        pairs = [f"{self.repr1(key, level - 1)}: {self.repr1(item, level - 1)}" for key, item in islice(x.items(), self.maxdict)]
        return f"{{{', '.join(pairs + ['...'] * (len(x) > self.maxdict))}}}"


_SHORT = _Short()


def _short(value: Any) -> str:
    """Returns a repr of one line, whatever the value's class does; an array or a table is told by its shape."""
    try:
        text = _text(value)
    except BaseException as error:  # An interrupt ends one repr, and the next variable is described.
        return f"<repr() failed: {type(error).__name__}>"
    return text if len(text) <= MAX_SHORT else text[: MAX_SHORT - 1] + "…"


def _text(value: Any) -> str:
    if isinstance(value, _CONTAINERS):
        return _SHORT.repr(value)
    if isinstance(value, (str, bytes, bytearray)):
        return repr(value[:MAX_SHORT])
    if isinstance(value, int) or (is_table(value) and not isinstance(value, memoryview)):
        return describe("", value)["summary"]
    return " ".join(repr(value).split())
