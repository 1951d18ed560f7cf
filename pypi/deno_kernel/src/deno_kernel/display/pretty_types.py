"""Functions that print the builtin types."""

from __future__ import annotations

import os
import re
import types
from collections import ChainMap, Counter, OrderedDict, UserList, defaultdict, deque
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from itertools import islice
from typing import Any, Protocol


class Pretty(Protocol):
    """A `Pretty` has the methods of the printer, `pretty.Pretty`, that the functions of this module call."""

    max_seq_length: int

    def text(self, text: str) -> None: ...
    def breakable(self, sep: str = " ") -> None: ...
    def break_(self) -> None: ...
    def begin_group(self, indent: int = 0, open: str = "") -> None: ...
    def end_group(self, dedent: int = 0, close: str = "") -> None: ...
    def group(self, indent: int = 0, open: str = "", close: str = "") -> AbstractContextManager[None]: ...
    def pretty(self, obj: Any) -> None: ...


Printer = Callable[[Any, Pretty, bool], None]


def print_repr(obj: Any, p: Pretty, cycle: bool) -> None:
    """Prints the repr, with its own line breaks."""
    lines = repr(obj).split("\n")
    p.begin_group()
    for index, line in enumerate(lines):
        if index:
            p.break_()
        p.text(line)
    p.end_group()


def print_address(obj: Any, p: Pretty, cycle: bool) -> None:
    """Prints an object without a repr of its own, as IPython does: its class and its address."""
    with p.group(1, "<", ">"):
        p.pretty(type(obj))
        p.text(f" at {id(obj):#x}")


def _has_own_repr(obj: Any, base: type) -> bool:
    return type(obj) is not base and type(obj).__repr__ is not base.__repr__


def _items(p: Pretty, values: Iterable[Any], length: int, show: Callable[[Any], None]) -> None:
    limit = p.max_seq_length
    shown = length if not limit or length <= limit else limit
    for index, value in enumerate(islice(values, shown)):
        if index:
            p.text(",")
            p.breakable()
        show(value)
    if shown < length:
        p.text(",")
        p.breakable()
        p.text(f"... {length - shown} more")


def _container(open: str, close: str, base: type, show: Callable[[Pretty, Any], None]) -> Printer:
    def print_container(obj: Any, p: Pretty, cycle: bool) -> None:
        if _has_own_repr(obj, base):
            print_repr(obj, p, cycle)
        elif cycle:
            p.text(f"{open}...{close}")
        else:
            with p.group(len(open), open, close):
                show(p, obj)

    return print_container


def _elements(p: Pretty, sequence: Any) -> None:
    _items(p, sequence, len(sequence), p.pretty)
    if len(sequence) == 1 and isinstance(sequence, tuple):
        p.text(",")


def _sorted(values: Iterable[Any]) -> list[Any]:
    values = list(values)
    try:
        return sorted(values)
    except Exception:
        try:
            return sorted(values, key=lambda value: (type(value).__name__, str(value)))
        except Exception:
            return values


def _set(base: type, open: str, close: str) -> Printer:
    def print_set(obj: Any, p: Pretty, cycle: bool) -> None:
        if _has_own_repr(obj, base):
            print_repr(obj, p, cycle)
            return
        name = type(obj).__name__
        opening, closing = (open, close) if type(obj) is base else (f"{name}({{", "})")
        if cycle:
            p.text(f"{opening}...{closing}")
        elif not obj:
            p.text(f"{name}()")
        else:
            with p.group(len(opening), opening, closing):
                _items(p, _sorted(obj), len(obj), p.pretty)

    return print_set


def _pairs(p: Pretty, mapping: Any) -> None:
    def show(key: Any) -> None:
        p.pretty(key)
        p.text(": ")
        p.pretty(mapping[key])

    _items(p, mapping, len(mapping), show)


def _call(obj: Any, p: Pretty, cycle: bool, *args: Any, **kwargs: Any) -> None:
    opening = f"{type(obj).__name__}("
    with p.group(len(opening), opening, ")"):
        if cycle:
            p.text("...")
            return
        first = True
        for value in args:
            if not first:
                p.text(",")
                p.breakable()
            p.pretty(value)
            first = False
        for name, value in kwargs.items():
            if not first:
                p.text(",")
                p.breakable()
            with p.group(len(name) + 1, f"{name}="):
                p.pretty(value)
            first = False


def _print_defaultdict(obj: Any, p: Pretty, cycle: bool) -> None:
    if _has_own_repr(obj, defaultdict):
        print_repr(obj, p, cycle)
    else:
        _call(obj, p, cycle, obj.default_factory, dict(obj))


def _print_ordered_dict(obj: Any, p: Pretty, cycle: bool) -> None:
    if _has_own_repr(obj, OrderedDict):
        print_repr(obj, p, cycle)
    elif obj:
        _call(obj, p, cycle, list(obj.items()))
    else:
        _call(obj, p, cycle)


def _print_counter(obj: Any, p: Pretty, cycle: bool) -> None:
    if _has_own_repr(obj, Counter):
        print_repr(obj, p, cycle)
    elif obj:
        try:
            _call(obj, p, cycle, dict(obj.most_common()))
        except TypeError:  # The counts cannot be compared.
            _call(obj, p, cycle, dict(obj))
    else:
        _call(obj, p, cycle)


def _print_deque(obj: Any, p: Pretty, cycle: bool) -> None:
    if _has_own_repr(obj, deque):
        print_repr(obj, p, cycle)
    elif obj.maxlen is None:
        _call(obj, p, cycle, list(obj))
    else:
        _call(obj, p, cycle, list(obj), maxlen=obj.maxlen)


def _print_user_list(obj: Any, p: Pretty, cycle: bool) -> None:
    _call(obj, p, cycle, obj.data) if not _has_own_repr(obj, UserList) else print_repr(obj, p, cycle)


def _print_mapping_proxy(obj: Any, p: Pretty, cycle: bool) -> None:
    _call(obj, p, cycle, obj.copy())


def _print_namespace(obj: Any, p: Pretty, cycle: bool) -> None:
    if _has_own_repr(obj, types.SimpleNamespace):
        print_repr(obj, p, cycle)
        return
    opening = "namespace(" if type(obj) is types.SimpleNamespace else f"{type(obj).__name__}("
    with p.group(len(opening), opening, ")"):
        if cycle:
            p.text("...")
            return
        for index, (name, value) in enumerate(obj.__dict__.items()):
            if index:
                p.text(",")
                p.breakable()
            with p.group(len(name) + 1, f"{name}="):
                p.pretty(value)


def _print_type(obj: Any, p: Pretty, cycle: bool) -> None:
    # The repr of a metaclass has precedence.
    for base in type(obj).__mro__:
        if base is type:
            break
        if "__repr__" in base.__dict__:
            print_repr(obj, p, cycle)
            return
    name = getattr(obj, "__qualname__", None)
    name = name if isinstance(name, str) else obj.__name__
    module = getattr(obj, "__module__", None)
    p.text(name if module in (None, "builtins", "exceptions") else f"{module}.{name}")


def _print_function(obj: Any, p: Pretty, cycle: bool) -> None:
    name = getattr(obj, "__qualname__", obj.__name__)
    if obj.__module__ and obj.__module__ not in ("builtins", "exceptions"):
        name = f"{obj.__module__}.{name}"
    try:
        import inspect

        name += str(inspect.signature(obj))
    except Exception:
        pass
    p.text(f"<function {name}>")


def _print_exception(obj: Any, p: Pretty, cycle: bool) -> None:
    if type(obj).__repr__ is not BaseException.__repr__:
        print_repr(obj, p, cycle)
    else:
        _call(obj, p, cycle, *getattr(obj, "args", ()))


def raw_literal(value: Any) -> str:
    """Returns a string or bytes as the literal with the prefix `r` that people write for patterns."""
    return "r" + repr(value).replace("\\\\", "\\")


_FLAGS = ("IGNORECASE", "LOCALE", "MULTILINE", "DOTALL", "UNICODE", "VERBOSE", "DEBUG")


def _print_pattern(obj: Any, p: Pretty, cycle: bool) -> None:
    flags = "|".join(f"re.{name}" for name in _FLAGS if obj.flags & getattr(re, name))
    with p.group(11, "re.compile(", ")"):
        p.text(raw_literal(obj.pattern))
        if flags:
            p.text(",")
            p.breakable()
            p.text(flags)


def _print_super(obj: Any, p: Pretty, cycle: bool) -> None:
    with p.group(8, "<super: ", ">"):
        p.pretty(obj.__thisclass__)
        p.text(",")
        p.breakable()
        p.pretty(obj.__self__)


PRINTERS: dict[type, Printer] = {
    int: print_repr, float: print_repr, complex: print_repr, bytes: print_repr, str: print_repr,
    tuple: _container("(", ")", tuple, _elements),
    list: _container("[", "]", list, _elements),
    dict: _container("{", "}", dict, _pairs),
    set: _set(set, "{", "}"),
    frozenset: _set(frozenset, "frozenset({", "})"),
    type: _print_type,
    types.FunctionType: _print_function,
    types.BuiltinFunctionType: _print_function,
    types.MethodType: print_repr,
    types.SimpleNamespace: _print_namespace,
    types.MappingProxyType: _print_mapping_proxy,
    BaseException: _print_exception,
    re.Pattern: _print_pattern,
    super: _print_super,
    type(os.environ): _container("environ{", "}", type(os.environ), _pairs),
    defaultdict: _print_defaultdict,
    OrderedDict: _print_ordered_dict,
    Counter: _print_counter,
    deque: _print_deque,
    UserList: _print_user_list,
    ChainMap: print_repr,
}  # fmt: skip
