"""Describes an object: its signature, docstring, file, type and source."""

from __future__ import annotations

import fnmatch
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
from .signatures import render_signature

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
    shell = running_shell()
    start, end = ("", "") if shell is not None and shell.colors == "NoColor" else (_LABEL, _END)
    for label, value in fields.items():
        head = f"{start}{label}:{end}"
        if "\n" in value or label in ("Docstring", "Source", "Class docstring", "Init docstring"):
            parts.append(f"{head}\n{value}")
        else:
            parts.append(f"{head} {' ' * max(0, 10 - len(label))}{value}")
    return {"found": True, "data": {"text/plain": "\n".join(parts)}, "metadata": {}}


def fields_of(names: Mapping[str, Any], name: str, detail: int = 0) -> dict[str, str] | None:
    """Returns the parts of an object's description by label, such as Signature; None if there is no such object."""
    described = None
    if name.startswith("%"):
        obj = _magic(name)
        if obj is None:
            return None
    else:
        try:
            described = _custom_documentation(name, names)
            obj = _object(name, names, described is not None)
            if isinstance(obj, UnloadedModule):
                raise NotKnown(name)
        except NotKnown:
            described = None
            obj = _magic(name) if name.isidentifier() else None
            if obj is None:
                return None
    try:
        fields = _fields(obj, name, detail)
        return fields if described is None else {**fields, "Docstring": described}
    except Exception as error:  # The object's own methods may raise anything.
        return {"Type": type(obj).__name__, "Docstring": f"<could not be inspected: {type(error).__name__}>"}


def _object(name: str, names: Mapping[str, Any], documented: bool) -> Any:
    try:
        return _property(name, names) or value_of(name, names)
    except NotKnown:
        if documented:
            return None
        raise


def _custom_documentation(name: str, names: Mapping[str, Any]) -> str | None:
    """Returns what the mapping `__custom_documentations__` of an object says of its attribute; None if it says nothing."""
    owner, _, attribute = name.rpartition(".")
    if not owner:
        return None
    try:
        texts = inspect.getattr_static(value_of(owner, names), "__custom_documentations__", None)
    except NotKnown:
        return None
    text = texts.get(attribute) if isinstance(texts, dict) else None
    return text if isinstance(text, str) else None


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
        signature = inspect.signature(obj)
    except (ValueError, TypeError):
        return ""
    return render_signature(signature, name.lstrip("%").rpartition(".")[2] if name.startswith("%") else name)


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


def matching_names(
    user_names: dict[str, Any], pattern: str, kind: str = "", fold: bool = False, hidden: bool = False
) -> list[str]:
    """Returns the names, or the attributes of an object, that match a pattern with *.

    `kind` is the name of a type that their values have; `fold` ignores the case; `hidden` also finds names that begin
    with an underscore.
    """
    import builtins

    owner, dot, last = pattern.rpartition(".")
    if dot:
        try:
            obj = value_of(owner, user_names)
        except NotKnown:
            return []
        known: dict[str, Any] = {name: inspect.getattr_static(obj, name, None) for name in dir(obj)}
    else:
        known = {**vars(builtins), **user_names}
    flags = re.IGNORECASE if fold else 0
    matches = re.compile(fnmatch.translate(last), flags).match
    return [
        f"{owner}{dot}{name}" for name in sorted(known)
        if matches(name) and (hidden or dot or last.startswith("_") or not name.startswith("_"))
        and (not kind or kind == "all" or type(known[name]).__name__ == kind)
    ]  # fmt: skip
