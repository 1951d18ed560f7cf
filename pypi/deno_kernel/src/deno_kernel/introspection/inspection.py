"""Describes an object: its signature, docstring, file, type and source."""

from __future__ import annotations

import inspect
import linecache
import re
from collections import ChainMap
from collections.abc import Mapping
from typing import Any

from ..current import running_shell
from ..source.quiet import parse_quietly
from .bounded import TookTooLong, bounded
from .completion_imports import UnloadedModule, imported_in
from .evaluation import NotKnown, value_of
from .expressions import open_call, trailing_expression

_LABEL, _END = "\x1b[31m", "\x1b[39m"
_WORD_REST = re.compile(r"\w*")
_MAX_TEXT = 200


def inspect_at(user_names: dict[str, Any], code: str, cursor_pos: int, detail: int = 0) -> dict[str, Any]:
    """Returns the answer to an inspection request: the name at the cursor, or else the function that is called."""
    cursor = max(0, min(cursor_pos, len(code)))
    rest = _WORD_REST.match(code, cursor)
    end = rest.end() if rest else cursor
    names = ChainMap(user_names, imported_in(code))
    try:
        with bounded():
            for name in _candidates(code, cursor, end):
                reply = describe(names, name, detail)
                if reply["found"]:
                    return reply
    except TookTooLong:
        pass
    return _nothing()


def _nothing() -> dict[str, Any]:
    return {"found": False, "data": {}, "metadata": {}}


def _candidates(code: str, cursor: int, end: int) -> list[str]:
    magic = re.search(r"(?:^|\n|=)[ \t]*(%{1,2}\w+)\Z", code[:end])
    if magic:
        return [magic[1]]
    text = code[:end].rstrip()
    found = [trailing_expression(text)] if end > 0 and (text[-1:].isalnum() or text[-1:] in "_)]") else []
    call = open_call(code[:cursor])
    if call:
        found.append(call[0])
    return [name for name in found if name]


def describe(names: Mapping[str, Any], name: str, detail: int = 0) -> dict[str, Any]:
    """Returns the description of an object, by its name, as an inspection reply."""
    fields = fields_of(names, name, detail)
    if fields is None:
        return _nothing()
    parts = []
    for label, value in fields.items():
        head = f"{_LABEL}{label}:{_END}"
        if "\n" in value or label in ("Docstring", "Source", "Class docstring", "Init docstring"):
            parts.append(f"{head}\n{value}")
        else:
            parts.append(f"{head} {' ' * max(0, 10 - len(label))}{value}")
    return {"found": True, "data": {"text/plain": "\n".join(parts)}, "metadata": {}}


def fields_of(names: Mapping[str, Any], name: str, detail: int = 0) -> dict[str, str] | None:
    """Returns the parts of an object's description by label, such as Signature; None if there is no such object."""
    if name.startswith("%"):
        obj = _magic(name)
        if obj is None:
            return None
    else:
        try:
            obj = _property(name, names) or value_of(name, names)
            if isinstance(obj, UnloadedModule):
                raise NotKnown(name)
        except NotKnown:
            obj = _magic(name) if name.isidentifier() else None
            if obj is None:
                return None
    try:
        return _fields(obj, name, detail)
    except Exception as error:  # The object's own methods may raise anything.
        return {"Type": type(obj).__name__, "Docstring": f"<could not be inspected: {type(error).__name__}>"}


def _property(name: str, names: Mapping[str, Any]) -> property | None:
    """Returns the property that a name such as `a.b.c` stands for, whose documentation is of interest; None for others."""
    owner, _, attribute = name.rpartition(".")
    if not owner:
        return None
    found = inspect.getattr_static(type(value_of(owner, names)), attribute, None)
    return found if isinstance(found, property) else None


def _magic(name: str) -> Any:
    shell = running_shell()
    if shell is None:
        return None
    bare = name.lstrip("%")
    kinds = ("cell",) if name.startswith("%%") else ("line", "cell")
    for kind in kinds:
        function = shell.magics_manager.find(bare, kind)
        if function is not None:
            return function
    return None


def _fields(obj: Any, name: str, detail: int) -> dict[str, str]:
    fields: dict[str, str] = {}
    described = callable(obj) or inspect.ismodule(obj) or isinstance(obj, property)
    signature = _signature(obj, name)
    if signature:
        fields["Init signature" if isinstance(obj, type) else "Signature"] = signature
    if not described:
        fields["Type"] = type(obj).__name__
        fields["String form"] = _short(str(obj))
        length = _length(obj)
        if length is not None:
            fields["Length"] = str(length)
    source = _source(obj) if detail else None
    if source:
        fields["Source"] = source
    else:
        fields["Docstring"] = inspect.getdoc(obj) or "<no docstring>"
        if isinstance(obj, type):
            init = inspect.getdoc(obj.__init__)
            if init and init != inspect.getdoc(object.__init__) and init != fields["Docstring"]:
                fields["Init docstring"] = init
    file = _file(obj)
    if file:
        fields["File"] = file
    if described:
        fields["Type"] = type(obj).__name__
    if isinstance(obj, type):
        subclasses = _subclasses(obj)
        if subclasses:
            fields["Subclasses"] = subclasses
    return fields


def _signature(obj: Any, name: str) -> str:
    if not callable(obj):
        return ""
    try:
        signature = str(inspect.signature(obj))
    except (ValueError, TypeError):
        return ""
    label = name.lstrip("%").rpartition(".")[2] if name.startswith("%") else name
    if len(signature) > 75:
        signature = signature.replace(", ", ",\n    ").replace("(", "(\n    ", 1)
    return f"{label}{signature}"


def _length(obj: Any) -> int | None:
    try:
        return len(obj)
    except Exception:
        return None


def _short(text: str) -> str:
    return text if len(text) <= _MAX_TEXT else f"{text[:_MAX_TEXT]}... ({len(text)} characters)"


def _subclasses(cls: type) -> str:
    try:
        names = [subclass.__name__ for subclass in cls.__subclasses__()]
    except TypeError:
        return ""
    more = f", ... {len(names) - 10} more" if len(names) > 10 else ""
    return ", ".join(names[:10]) + more


def _file(obj: Any) -> str | None:
    try:
        filename = inspect.getsourcefile(obj) or inspect.getfile(obj)
    except (TypeError, OSError):
        filename = _cell_of_class(obj)
    return filename


def _cell_of_class(obj: Any) -> str | None:
    """Returns the file name of the cell that defines a class, found by its methods; None for other classes."""
    if not isinstance(obj, type):
        return None
    for value in vars(obj).values():
        function = getattr(value, "__func__", value)
        code = getattr(function, "__code__", None)
        if code is not None and code.co_filename.startswith("<cell "):
            return code.co_filename
    return None


def _source(obj: Any) -> str | None:
    target = obj
    if not (inspect.isroutine(obj) or inspect.ismodule(obj) or isinstance(obj, type) or inspect.iscode(obj)):
        target = type(obj)
    try:
        return inspect.getsource(inspect.unwrap(target)).rstrip("\n")
    except (OSError, TypeError, ValueError, IndexError, SyntaxError):
        pass
    return _class_source(target) if isinstance(target, type) else None


def _class_source(cls: type) -> str | None:
    import ast

    filename = _cell_of_class(cls)
    if filename is None:
        return None
    text = "".join(linecache.getlines(filename))
    try:
        tree = parse_quietly(text)
    except SyntaxError:
        return None
    found = [
        node for node in ast.walk(tree) if isinstance(node, ast.ClassDef) and node.name == cls.__name__
    ]
    return ast.get_source_segment(text, found[-1]) if found else None


def matching_names(user_names: dict[str, Any], pattern: str) -> list[str]:
    """Returns the names, or the attributes of an object, that match a pattern with *."""
    import builtins
    import fnmatch

    owner, dot, last = pattern.rpartition(".")
    if dot:
        try:
            obj = value_of(owner, user_names)
        except NotKnown:
            return []
        return [f"{owner}.{name}" for name in sorted(dir(obj)) if fnmatch.fnmatchcase(name, last)]
    names = set(user_names) | set(dir(builtins))
    hidden = not last.startswith("_")
    return sorted(n for n in names if fnmatch.fnmatchcase(n, last) and not (hidden and n.startswith("_")))
