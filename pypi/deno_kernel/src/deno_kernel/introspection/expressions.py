"""Finds expressions next to the cursor, and evaluates them as far as that runs no code of the user."""

from __future__ import annotations

import ast
import builtins
import inspect
import re
import types
from collections.abc import Mapping
from typing import Any

from ..source.quiet import parse_quietly

_WORD_END = re.compile(r"[^\W\d]\w*\Z")
_TRUSTED_PACKAGES = frozenset({"numpy", "pandas", "polars", "matplotlib", "sympy", "networkx", "builtins"})
_PLAIN_DESCRIPTORS = (
    types.FunctionType, types.BuiltinFunctionType, types.MethodDescriptorType, types.WrapperDescriptorType,
    types.ClassMethodDescriptorType, types.GetSetDescriptorType, types.MemberDescriptorType, staticmethod,
    classmethod,
)  # fmt: skip


class NotKnown(Exception):
    """A `NotKnown` says that a value cannot be found without running code."""


def trailing_expression(text: str) -> str:
    """Returns the longest chain of names, attributes, subscripts, calls and literals at the end of a text."""
    end = len(text)
    start = end
    while True:
        if start > 0 and text[start - 1] in ")]}":
            opened = _opening(text, start - 1)
            if opened is None:
                break
            start = opened
            name = _WORD_END.search(text, 0, start)
            if name is None and start > 0 and text[start - 1] in ")]}\"'":
                continue
        elif start > 0 and text[start - 1] in "\"'":
            opened = _string_start(text, start - 1)
            if opened is None:
                break
            start = opened
            break
        name = _WORD_END.search(text[:start])
        if name is not None:
            start = name.start()
        if start > 0 and text[start - 1] == "." and not text[:start].endswith(".."):
            start -= 1
            continue
        break
    return text[start:end].lstrip(".")


def _opening(text: str, index: int) -> int | None:
    depth = 0
    while index >= 0:
        char = text[index]
        if char in ")]}":
            depth += 1
        elif char in "([{":
            depth -= 1
            if depth == 0:
                return index
        elif char in "\"'":
            start = _string_start(text, index)
            if start is None:
                return None
            index = start
        elif char == "\n" and depth == 0:
            return None
        index -= 1
    return None


def _string_start(text: str, index: int) -> int | None:
    quote = text[index]
    start = text.rfind(quote, 0, index)
    while start > 0 and text[start - 1] == "\\":
        start = text.rfind(quote, 0, start)
    return start if start >= 0 else None


def evaluate(expression: str, names: Mapping[str, Any]) -> Any:
    """Returns the value of an expression of names, attributes, literals and subscripts; otherwise raises NotKnown."""
    try:
        tree = parse_quietly(expression.strip(), "eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise NotKnown(expression) from None
    return _value(tree.body, names)


def _value(node: ast.expr, names: Mapping[str, Any]) -> Any:
    if isinstance(node, ast.Name):
        if node.id in names:
            return names[node.id]
        if hasattr(builtins, node.id):
            return getattr(builtins, node.id)
        raise NotKnown(node.id)
    if isinstance(node, ast.Attribute):
        return attribute(_value(node.value, names), node.attr)
    if isinstance(node, ast.Subscript):
        return _item(_value(node.value, names), _value(node.slice, names))
    if isinstance(node, ast.JoinedStr):
        return ""
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        raise NotKnown("not a literal") from None


def _trusted(cls: type) -> bool:
    module = getattr(cls, "__module__", "")
    return isinstance(module, str) and module.partition(".")[0] in _TRUSTED_PACKAGES


def _item(container: Any, key: Any) -> Any:
    cls = type(container)
    if cls in (dict, list, tuple, str, bytes) or (_trusted(cls) and cls.__module__ != "builtins"):
        try:
            return container[key]
        except Exception:
            raise NotKnown("no such item") from None
    raise NotKnown("a subscript runs code")


def attribute(obj: Any, name: str) -> Any:
    """Returns an attribute of an object; raises NotKnown if getting it runs code, such as a property."""
    if isinstance(obj, types.ModuleType):
        if name in obj.__dict__:
            return obj.__dict__[name]
        raise NotKnown(name)
    cls = obj if isinstance(obj, type) else type(obj)
    try:
        found = inspect.getattr_static(obj, name)
    except (AttributeError, TypeError):
        raise NotKnown(name) from None
    plain = isinstance(found, _PLAIN_DESCRIPTORS) or not hasattr(type(found), "__get__")
    if not plain and not _trusted(_owner(cls, name)):
        raise NotKnown(f"{name} is computed")
    if type(cls).__getattribute__ is not type.__getattribute__ and isinstance(obj, type):
        raise NotKnown(name)
    if cls.__getattribute__ is not object.__getattribute__ and not isinstance(obj, type) and not _trusted(cls):
        raise NotKnown(name)
    try:
        return getattr(obj, name)
    except Exception:
        raise NotKnown(name) from None


def _owner(cls: type, name: str) -> type:
    for base in cls.__mro__:
        if name in base.__dict__:
            return base
    return cls


def open_call(text: str) -> tuple[str, str] | None:
    """Returns the function in whose arguments a text ends, and the text of the arguments; None outside of a call."""
    from ..source.scanner import Scanner

    scanner = Scanner()
    scanner.feed(text)
    if scanner.quote:
        text = text[: scanner.string_start]
        scanner = Scanner()
        scanner.feed(text)
    for bracket, position in reversed(scanner.brackets):
        if bracket != "(":
            continue
        function = trailing_expression(text[:position].rstrip())
        if function and not function[0].isdigit():
            return function, text[position + 1 :]
        return None
    return None
