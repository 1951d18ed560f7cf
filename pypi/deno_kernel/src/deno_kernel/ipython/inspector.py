"""Describes objects as dicts of parts, as IPython's inspector does."""

from __future__ import annotations

import inspect
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..introspection.evaluation import NotKnown, value_of
from ..introspection.inspection import describe, fields_of
from ..introspection.signatures import render_signature

_FIELDS = (
    "type_name", "base_class", "string_form", "namespace", "length", "file", "definition", "docstring", "source",
    "init_definition", "class_docstring", "init_docstring", "call_def", "call_docstring", "subclasses", "argspec",
    "isclass", "isalias", "ismagic",
)  # fmt: skip
_LONGEST_TEXT = 200
_FIRST_NAME = re.compile(r"\s*([^\W\d]\w*)")


@dataclass
class OInfo:
    """An `OInfo` says where a name was found, and what it stands for."""

    ismagic: bool
    isalias: bool
    found: bool
    namespace: str | None
    parent: Any
    obj: Any

    def get(self, field: str) -> Any:
        """Returns a field by its name."""
        return getattr(self, field)


def find_object(name: str, namespaces: Iterable[tuple[str, Mapping[str, Any]]], magic: Any = None) -> OInfo:
    """Finds what a name such as `a.b[0].c` stands for; a property of a class stands for itself.

    `magic` is the magic of that name, which is found if no namespace has the name.
    """
    owner, _, attribute = name.strip().rpartition(".")
    first = _FIRST_NAME.match(name)
    parent = None
    for namespace, names in namespaces:
        if first is not None and first[1] not in names:
            continue
        try:
            parent = value_of(owner, names) if owner else None
            found = inspect.getattr_static(type(parent), attribute, None) if owner else None
            obj = found if isinstance(found, property) else value_of(name, names)
        except NotKnown:
            continue
        return OInfo(ismagic=False, isalias=False, found=True, namespace=namespace, parent=parent, obj=obj)
    place = None if magic is None else "IPython internal"
    return OInfo(ismagic=magic is not None, isalias=False, found=magic is not None, namespace=place, parent=parent, obj=magic)


class Inspector:
    """An `Inspector` describes objects."""

    def __init__(self, *args: Any, **options: Any) -> None:
        pass

    def named_info(self, names: Mapping[str, Any], oname: str, detail_level: int = 0) -> dict[str, Any]:
        """Returns the parts of the description of an object by its name; `found` is false if there is none."""
        fields = fields_of(names, oname, detail_level)
        if fields is None:
            return {**dict.fromkeys(_FIELDS), "name": oname, "found": False}
        try:
            found = self.info(value_of(oname, names), oname, detail_level=detail_level)
        except NotKnown:  # This is a magic, or a property.
            found = {**dict.fromkeys(_FIELDS), "name": oname, "found": True, "ismagic": oname.startswith("%")}
        if not found["source"]:
            found["docstring"] = fields.get("Docstring", found["docstring"])
        return found

    def info(self, obj: Any, oname: str = "", info: Any = None, detail_level: int = 0) -> dict[str, Any]:
        """Returns the parts of the description of an object."""
        is_class = isinstance(obj, type)
        docstring, source = getdoc(obj), getsource(obj) if detail_level else None
        found: dict[str, Any] = {
            **dict.fromkeys(_FIELDS), "name": oname, "found": True, "type_name": type(obj).__name__,
            "base_class": str(type(obj)), "string_form": _text(obj, detail_level), "length": _length(obj),
            "file": _short_path(find_file(obj)), "isclass": is_class, "isalias": False, "ismagic": False,
            "docstring": None if source else docstring or "<no docstring>", "source": source or None,
        }  # fmt: skip
        init = _own_doc(getattr(obj if is_class else type(obj), "__init__", None), object.__init__)
        if is_class:
            found["init_definition"], found["init_docstring"] = _definition(obj, oname), init
            found["subclasses"] = ", ".join(one.__name__ for one in type.__subclasses__(obj)[:10]) or None
        elif is_simple_callable(obj) or inspect.ismodule(obj):
            found["definition"] = _definition(obj, oname)
        else:
            class_docstring = getdoc(type(obj))
            found["class_docstring"] = None if class_docstring == docstring else class_docstring
            found["init_docstring"] = init
            if callable(obj):
                found["definition"] = _definition(obj, oname)
                found["call_docstring"] = _own_doc(type(obj).__call__, type.__call__)
        return found

    def pinfo(self, obj: Any, oname: str = "", formatter: Any = None, info: Any = None, detail_level: int = 0, **options: Any) -> None:
        """Shows the description of an object in the pager."""
        name = oname if oname.isidentifier() else "obj"
        _page(describe({name: obj}, name, detail_level)["data"])

    def pdef(self, obj: Any, oname: str = "") -> None:
        """Prints the signature of an object."""
        print(_definition(obj, oname) or f"No definition found for {oname}")

    def pdoc(self, obj: Any, oname: str = "", formatter: Any = None) -> None:
        """Shows the docstring of an object in the pager."""
        _page({"text/plain": getdoc(obj) or f"No documentation found for {oname}"})

    def psource(self, obj: Any, oname: str = "") -> None:
        """Shows the source of an object in the pager."""
        source = getsource(obj)
        _page({"text/plain": source}) if source else print(f"No source found for {oname}")

    def pfile(self, obj: Any, oname: str = "") -> None:
        """Shows the file in which an object is defined in the pager."""
        path = find_file(obj)
        if path is None or not os.path.isfile(path):
            print(f"No file found for {oname}")
            return
        with open(path, encoding="utf-8", errors="replace") as file:
            _page({"text/plain": file.read()})


def _page(data: dict[str, Any]) -> None:
    from ..current import running_shell

    shell = running_shell()
    if shell is not None:
        shell.write_payload({"source": "page", "data": data, "start": 0})


def _text(obj: Any, detail_level: int) -> str | None:
    try:
        text = str(obj)
    except Exception:  # The object's own method may raise anything.
        return None
    if detail_level or len(text) <= _LONGEST_TEXT:
        return text
    return f"{text[:_LONGEST_TEXT]}..."


def _length(obj: Any) -> str | None:
    try:
        return str(len(obj))
    except Exception:
        return None


def _short_path(path: str | None) -> str | None:
    home = os.path.expanduser("~")
    return path if path is None or not path.startswith(home + os.sep) else f"~{path[len(home):]}"


def _own_doc(function: Any, general: Any) -> str | None:
    text = getdoc(function)
    return None if text == inspect.getdoc(general) else text


def _definition(obj: Any, name: str) -> str | None:
    try:
        return render_signature(inspect.signature(obj), name) if callable(obj) else None
    except Exception:
        return None


def getdoc(obj: Any) -> str | None:
    """Returns the docstring of an object."""
    try:
        method = getattr(obj, "getdoc", None)
    except Exception:  # The object's own method may raise anything.
        method = None
    if callable(method) and not isinstance(obj, type):
        try:
            found = method()
        except Exception:
            found = None
        if isinstance(found, str):
            return found
    return inspect.getdoc(obj)


def getsource(obj: Any, oname: str = "") -> str | None:
    """Returns the source of an object; None if there is none."""
    if isinstance(obj, property):
        parts = [getsource(part) or "" for part in (obj.fget, obj.fset, obj.fdel) if part is not None]
        return "".join(parts) or None
    try:
        return inspect.getsource(inspect.unwrap(obj) if callable(obj) else obj)
    except (OSError, TypeError):
        try:
            return inspect.getsource(type(obj))
        except (OSError, TypeError):
            return None


def find_file(obj: Any) -> str | None:
    """Returns the path of the file in which an object is defined; None if there is none."""
    for one in (inspect.unwrap(obj) if callable(obj) else obj, type(obj)):
        try:
            path = inspect.getsourcefile(one) or inspect.getfile(one)
            return os.path.abspath(path)
        except (OSError, TypeError):
            continue
    return None


def find_source_lines(obj: Any) -> int | None:
    """Returns the number of the line at which the definition of an object begins; None if there is none."""
    for one in (inspect.unwrap(obj) if callable(obj) else obj, type(obj)):
        try:
            return inspect.getsourcelines(one)[1]
        except (OSError, TypeError):
            continue
    return None


def is_simple_callable(obj: Any) -> bool:
    """Returns true for a function or method."""
    return inspect.isroutine(obj)
