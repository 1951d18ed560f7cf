"""The expressions of a failing statement with their values, which `%xmode Verbose` shows."""

from __future__ import annotations

import ast
import builtins
from collections import ChainMap
from collections.abc import Callable, Mapping
from types import BuiltinFunctionType, FrameType, FunctionType, MethodType, ModuleType
from typing import Any

ValueOf = Callable[[str, Mapping[str, Any]], Any]
"""Returns the value of an expression by names, without running code of the user; raises an exception otherwise."""

_EXPRESSIONS = (ast.Name, ast.Attribute, ast.Subscript, ast.BinOp, ast.Compare)
_NAMED = (type, FunctionType, BuiltinFunctionType, MethodType, ModuleType)
_MOST_EXPRESSIONS = 50
_MOST_CHARACTERS = 10_000


def values_in(scope: ast.AST, piece: range, frame: FrameType, value_of: ValueOf) -> list[str]:
    """Returns texts such as `x = 5` for what a statement names: the statement in the lines of `piece` of a scope.

    The order is IPython's: what stands less deep in the scope's syntax comes first.
    """
    names: Mapping[str, Any] = ChainMap(frame.f_locals, frame.f_globals)  # type: ignore[arg-type]
    places: dict[str, list[ast.expr]] = {}
    for node in ast.walk(scope):
        if isinstance(node, _EXPRESSIONS):
            places.setdefault(ast.unparse(node), []).append(node)
    shown: list[str] = []
    for text, nodes in places.items():
        if len(shown) == _MOST_EXPRESSIONS:
            break
        if any(node.lineno in piece or (node.end_lineno or 0) in piece for node in nodes):
            try:
                value = value_of(text, names)
            except Exception:  # The value cannot be had without running code.
                continue
            if not _is_obvious(nodes[0], value):
                shown.append(f"{text} = {_text_of(value)}")
    return shown


def _is_obvious(node: ast.expr, value: Any) -> bool:
    """Returns true for literals, builtins, and functions, classes and modules under their own name."""
    try:
        ast.literal_eval(node)
        return True
    except Exception:
        pass
    if isinstance(node, ast.Name) and value is not None and getattr(builtins, node.id, None) is value:
        return True
    name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else None
    return isinstance(value, _NAMED) and value.__name__ == name


def _text_of(value: Any) -> str:
    try:
        text = repr(value)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # The user's code may raise SystemExit, which does not end what is shown.
        return f"<repr() failed: {type(error).__name__}>"
    return text if len(text) <= _MOST_CHARACTERS else f"{text[:_MOST_CHARACTERS]}…"


def arguments_in(names: tuple[str, ...], frame: FrameType) -> list[str]:
    """Returns the arguments of a frame with their values, shortened: `a=1`, `*args=()`."""
    import pydoc

    found = []
    for name in names:
        try:
            found.append(f"{name}={pydoc.text.repr(frame.f_locals[name.lstrip('*')])}")
        except KeyboardInterrupt:
            raise
        except BaseException:  # The argument was deleted, or cannot be shown.
            found.append(name)
    return found
