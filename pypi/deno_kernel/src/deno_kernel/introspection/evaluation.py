"""Evaluates expressions as far as that runs no code of the user; where it would, it finds at least the type."""

from __future__ import annotations

import ast
import builtins
import inspect
import operator
import types
import typing
from collections.abc import Callable, Mapping
from typing import Any

from ..source.quiet import parse_quietly
from .builtin_results import result_type

_TRUSTED_PACKAGES = frozenset({"numpy", "pandas", "polars", "matplotlib", "sympy", "networkx", "builtins"})
_PLAIN_DESCRIPTORS = (
    types.FunctionType, types.BuiltinFunctionType, types.MethodDescriptorType, types.WrapperDescriptorType,
    types.ClassMethodDescriptorType, types.GetSetDescriptorType, types.MemberDescriptorType, staticmethod,
    classmethod,
)  # fmt: skip
_CONTAINERS = (dict, list, tuple, str, bytes)
_NUMBERS = (bool, int, float, complex)
_OPERATORS: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv, ast.Mod: operator.mod, ast.BitAnd: operator.and_, ast.BitOr: operator.or_,
    ast.BitXor: operator.xor, ast.LShift: operator.lshift, ast.RShift: operator.rshift, ast.Pow: operator.pow,
}  # fmt: skip
_COMPREHENSIONS: dict[type, type] = {
    ast.ListComp: list, ast.SetComp: set, ast.DictComp: dict, ast.GeneratorExp: types.GeneratorType,
}  # fmt: skip
_DEEPEST = 50


class NotKnown(Exception):
    """A `NotKnown` says that a value cannot be found without running code."""


class Instance:
    """An `Instance` stands for a value of which only the type is known, and perhaps the types of its items."""

    def __init__(self, cls: type, items: tuple[Any, ...] = ()) -> None:
        self.cls = cls
        self.items = items


POLICIES = ("forbidden", "minimal", "limited", "unsafe", "dangerous")
"""The policies of IPython: nothing, literals, what runs no code of the user, and in the last two any code."""


def evaluate(expression: str, names: Mapping[str, Any], policy: str = "limited") -> Any:
    """Returns the value of an expression, or an `Instance` of its type; raises NotKnown if neither is known."""
    try:
        tree = parse_quietly(expression.strip(), "eval")
        if policy == "forbidden":
            raise NotKnown(expression)
        if policy in ("unsafe", "dangerous"):
            return _run(tree, names)
        return _Evaluation({} if policy == "minimal" else names, attributes=policy != "minimal").value(tree.body)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise NotKnown(expression) from None


def value_of(expression: str, names: Mapping[str, Any]) -> Any:
    """Returns the value of an expression; raises NotKnown if only its type can be found, or nothing at all."""
    found = evaluate(expression, names)
    if isinstance(found, Instance):
        raise NotKnown(expression)
    return found


def _run(tree: ast.Expression, names: Mapping[str, Any]) -> Any:
    try:
        return eval(compile(tree, "<completion>", "eval"), dict(names))
    except Exception:
        raise NotKnown("the expression raises an exception") from None


class _Evaluation:
    """An `_Evaluation` finds values of syntax trees by names."""

    def __init__(self, names: Mapping[str, Any], attributes: bool = True, depth: int = 0) -> None:
        self._names = names
        self._attributes = attributes
        self._depth = depth

    def value(self, node: ast.expr) -> Any:
        """Returns the value of a node, or an `Instance`; raises NotKnown otherwise."""
        method = getattr(self, f"_{type(node).__name__}", None)
        if method is not None:
            return method(node)
        if type(node) in _COMPREHENSIONS:
            return Instance(_COMPREHENSIONS[type(node)])
        try:
            return ast.literal_eval(node)
        except (ValueError, TypeError, SyntaxError):
            raise NotKnown("not a literal") from None

    def _Name(self, node: ast.Name) -> Any:
        if node.id in self._names:
            return self._names[node.id]
        if hasattr(builtins, node.id):
            return getattr(builtins, node.id)
        raise NotKnown(node.id)

    def _Attribute(self, node: ast.Attribute) -> Any:
        owner = self.value(node.value)
        if not self._attributes:
            raise NotKnown("the policy forbids attributes")
        return attribute(owner, node.attr)

    def _Subscript(self, node: ast.Subscript) -> Any:
        container = self.value(node.value)
        if not self._attributes:
            raise NotKnown("the policy forbids subscripts")
        return _item(container, lambda: self._key(node.slice))

    def _key(self, node: ast.expr) -> Any:
        if isinstance(node, ast.Slice):
            parts = (None if part is None else self._key(part) for part in (node.lower, node.upper, node.step))
            return slice(*parts)
        if isinstance(node, ast.Tuple):
            return tuple(self._key(part) for part in node.elts)
        found = self.value(node)
        if isinstance(found, Instance):
            raise NotKnown("the key is not known")
        return found

    def _JoinedStr(self, node: ast.JoinedStr) -> Any:
        return Instance(str)

    def _List(self, node: ast.List) -> Any:
        return self._sequence(node, list)

    def _Tuple(self, node: ast.Tuple) -> Any:
        return self._sequence(node, tuple)

    def _sequence(self, node: Any, kind: type) -> Any:
        try:
            return kind(self.value(element) for element in node.elts)
        except NotKnown:
            return Instance(kind)

    def _Set(self, node: ast.Set) -> Any:
        return Instance(set)

    def _Dict(self, node: ast.Dict) -> Any:
        found = {}
        for key, value in zip(node.keys, node.values, strict=True):
            try:
                if key is None:
                    raise NotKnown("a dict is unpacked here")
                found[ast.literal_eval(key)] = self.value(value)
            except (NotKnown, ValueError, TypeError):
                return Instance(dict)
        return found

    def _Lambda(self, node: ast.Lambda) -> Any:
        return Instance(types.FunctionType)

    def _Compare(self, node: ast.Compare) -> Any:
        for operand in (node.left, *node.comparators):
            if _type_of(self.value(operand)).__module__ != "builtins":
                raise NotKnown("a comparison may give anything")
        return Instance(bool)

    def _BoolOp(self, node: ast.BoolOp) -> Any:
        return self.value(node.values[0])

    def _IfExp(self, node: ast.IfExp) -> Any:
        try:
            return self.value(node.body)
        except NotKnown:
            return self.value(node.orelse)

    def _NamedExpr(self, node: ast.NamedExpr) -> Any:
        return self.value(node.value)

    def _UnaryOp(self, node: ast.UnaryOp) -> Any:
        if isinstance(node.op, ast.Not):
            return Instance(bool)
        operand = self.value(node.operand)
        if isinstance(node.operand, ast.Constant) and type(operand) in _NUMBERS:
            return -operand if isinstance(node.op, ast.USub) else operand
        cls = _type_of(operand)
        if cls in _NUMBERS:
            return Instance(int if cls is bool else cls)
        raise NotKnown("an operator runs code")

    def _BinOp(self, node: ast.BinOp) -> Any:
        left, right = _type_of(self.value(node.left)), _type_of(self.value(node.right))
        found = _operation(node.op, left, right)
        if found is None:
            raise NotKnown("an operator runs code")
        return Instance(found)

    def _Await(self, node: ast.Await) -> Any:
        raise NotKnown("a result is not there yet")

    def _Call(self, node: ast.Call) -> Any:
        function = self.value(node.func)
        if self._depth > _DEEPEST or isinstance(function, Instance):
            raise NotKnown("a call runs code")
        if isinstance(function, type):
            return _instance_of(function)
        owner, name = getattr(function, "__self__", None), getattr(function, "__name__", "")
        if isinstance(function, types.BuiltinMethodType):
            kind = owner.cls if isinstance(owner, Instance) else owner if isinstance(owner, type) else type(owner)
            found = result_type(kind, name)
            if found is not None:
                return Instance(found)
        return _annotated_result(function, owner, self._depth)


def _type_of(value: Any) -> type:
    return value.cls if isinstance(value, Instance) else type(value)


def _operation(op: ast.operator, left: type, right: type) -> type | None:
    """Returns the type of what an operator gives for builtin types, by trying it with small values."""
    samples: dict[type, Any] = {**{kind: kind(1) for kind in _NUMBERS}, str: "", bytes: b"", list: [], tuple: (), set: set(), frozenset: frozenset(), dict: {}}
    function = _OPERATORS.get(type(op))
    if function is None or left not in samples or right not in samples:
        return None
    try:
        return type(function(samples[left], samples[right]))
    except Exception:
        return None


def _instance_of(cls: type) -> Any:
    if cls is type or type(cls).__call__ is not type.__call__:
        raise NotKnown("a call may give anything")
    annotation = getattr(cls.__new__, "__annotations__", {}).get("return") if isinstance(cls.__new__, types.FunctionType) else None
    if annotation is not None:
        return _annotated_result(cls.__new__, Instance(cls), 0)
    return Instance(cls)


def _annotated_result(function: Any, owner: Any, depth: int) -> Any:
    """Returns an instance of the type with which the result of a function is annotated."""
    plain = getattr(function, "__func__", function)
    if not isinstance(plain, types.FunctionType):
        raise NotKnown("a call runs code")
    try:
        annotation = plain.__annotations__.get("return")
    except Exception:  # An annotation may be a name that does not exist.
        annotation = None
    if annotation is None:
        raise NotKnown("the result has no annotation")
    return _annotated(annotation, owner, plain.__globals__, depth + 1)


def _annotated(annotation: Any, owner: Any, names: Mapping[str, Any], depth: int) -> Any:
    if depth > _DEEPEST:
        raise NotKnown("the annotation is nested too deep")
    if isinstance(annotation, str):
        if annotation.strip() in ("Self", "typing.Self", "Self@"):
            annotation = typing.Self if hasattr(typing, "Self") else None
        else:
            try:
                tree = parse_quietly(annotation, "eval").body
            except SyntaxError:
                raise NotKnown(annotation) from None
            return _annotated_by(tree, owner, names, depth + 1)
    if annotation is getattr(typing, "Self", NotKnown):
        return owner if isinstance(owner, Instance) else Instance(owner if isinstance(owner, type) else type(owner))
    if isinstance(annotation, type) and not isinstance(annotation, types.GenericAlias):
        return Instance(annotation)
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (typing.Union, types.UnionType):
        for argument in arguments:
            if argument is not type(None):
                return _annotated(argument, owner, names, depth + 1)
    if origin in (typing.Annotated, typing.Final, typing.ClassVar):
        return _annotated(arguments[0], owner, names, depth + 1)
    if origin is typing.Literal:
        return Instance(type(arguments[0]))
    if isinstance(origin, type):
        return Instance(origin, arguments)
    supertype = getattr(annotation, "__supertype__", None) or getattr(annotation, "__value__", None)
    if supertype is not None:
        return _annotated(supertype, owner, names, depth + 1)
    raise NotKnown("the annotation is no type")


def _annotated_by(node: ast.expr, owner: Any, names: Mapping[str, Any], depth: int) -> Any:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        left_is_none = isinstance(node.left, ast.Constant) and node.left.value is None
        return _annotated_by(node.right if left_is_none else node.left, owner, names, depth + 1)
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return _annotated(node.value, owner, names, depth + 1)
    if isinstance(node, ast.Subscript):
        outer = _Evaluation(names, depth=depth).value(node.value)
        if outer in (typing.Optional, typing.Annotated, typing.Final, typing.ClassVar):
            inner = node.slice.elts[0] if isinstance(node.slice, ast.Tuple) else node.slice
            return _annotated_by(inner, owner, names, depth + 1)
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        origin = typing.get_origin(outer) or outer
        if isinstance(origin, type):
            return Instance(origin, tuple(ast.unparse(part) for part in parts))
        raise NotKnown("the annotation is no type")
    return _annotated(_Evaluation(names, depth=depth).value(node), owner, names, depth + 1)


def _trusted(cls: type) -> bool:
    module = getattr(cls, "__module__", "")
    return isinstance(module, str) and module.partition(".")[0] in _TRUSTED_PACKAGES


def _item(container: Any, find_key: Callable[[], Any]) -> Any:
    if isinstance(container, Instance):
        return _item_of_instance(container)
    cls = type(container)
    if cls in _CONTAINERS or (_trusted(cls) and cls.__module__ != "builtins"):
        key = find_key()
        try:
            return container[key]
        except Exception:
            raise NotKnown("no such item") from None
    return _item_of_instance(Instance(cls))


def _item_of_instance(container: Instance) -> Any:
    if container.cls in (str, bytes):
        return Instance(str if container.cls is str else int)
    if container.items and issubclass(container.cls, (list, tuple, set, frozenset, dict)):
        return _annotated(container.items[-1] if issubclass(container.cls, dict) else container.items[0], None, vars(builtins), 0)
    method = getattr(container.cls, "__getitem__", None)
    return _annotated_result(method, container, 0)


def attribute(obj: Any, name: str) -> Any:
    """Returns an attribute of an object; raises NotKnown if getting it runs code, such as a property."""
    if isinstance(obj, Instance):
        return _attribute_of_instance(obj, name)
    if isinstance(obj, types.ModuleType):
        if name in obj.__dict__:
            return obj.__dict__[name]
        raise NotKnown(name)
    cls = obj if isinstance(obj, type) else type(obj)
    try:
        found = inspect.getattr_static(obj, name)
    except (AttributeError, TypeError):
        return _annotated_attribute(cls, name)
    plain = isinstance(found, _PLAIN_DESCRIPTORS) or not hasattr(type(found), "__get__")
    if isinstance(obj, type) and isinstance(found, property) and not hasattr(type(obj), name):
        return found
    if not plain and not _trusted(_owner(cls, name)):
        return _computed(found, obj, name)
    if type(cls).__getattribute__ is not type.__getattribute__ and isinstance(obj, type):
        raise NotKnown(name)
    if cls.__getattribute__ is not object.__getattribute__ and not isinstance(obj, type) and not _trusted(cls):
        raise NotKnown(name)
    try:
        return getattr(obj, name)
    except Exception:
        raise NotKnown(name) from None


def _attribute_of_instance(obj: Instance, name: str) -> Any:
    found = inspect.getattr_static(obj.cls, name, None)
    if found is None:
        return _annotated_attribute(obj.cls, name)
    if isinstance(found, (staticmethod, classmethod)):
        found = found.__func__
    if isinstance(found, (types.FunctionType, types.MethodDescriptorType, types.WrapperDescriptorType)):
        if isinstance(found, types.FunctionType):
            return types.MethodType(found, obj)
        kind = result_type(obj.cls, name)
        if kind is not None:
            return _returning(kind, name)
        raise NotKnown(name)
    if hasattr(type(found), "__get__"):
        return _computed(found, obj, name)
    return found


def _returning(kind: type, name: str) -> Any:
    def method(*args: Any, **kwargs: Any) -> Any:
        raise NotImplementedError(name)

    method.__annotations__ = {"return": kind}
    method.__name__ = name
    return method


def _computed(found: Any, obj: Any, name: str) -> Any:
    """Returns an instance of the type with which a property is annotated."""
    getter = getattr(found, "fget", None) or getattr(found, "func", None)
    if isinstance(getter, types.FunctionType):
        return _annotated_result(getter, obj, 0)
    raise NotKnown(f"{name} is computed")


def _annotated_attribute(cls: type, name: str) -> Any:
    """Returns an instance of the type with which a class annotates an attribute."""
    import sys

    for base in cls.__mro__:
        annotations = base.__dict__.get("__annotations__")
        if annotations is None and "__annotate_func__" in base.__dict__ or "__annotate__" in base.__dict__:
            try:
                annotations = base.__annotations__
            except Exception:
                annotations = None
        if annotations and name in annotations:
            names = vars(sys.modules.get(base.__module__, builtins))
            return _annotated(annotations[name], Instance(cls), names, 0)
    raise NotKnown(name)


def _owner(cls: type, name: str) -> type:
    for base in cls.__mro__:
        if name in base.__dict__:
            return base
    return cls
