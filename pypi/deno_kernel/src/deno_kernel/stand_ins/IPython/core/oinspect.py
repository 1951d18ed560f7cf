"""The stand-in for `IPython.core.oinspect`."""

from __future__ import annotations

import inspect
import os
from typing import Any

from deno_kernel.current import running_shell

__all__ = ["Inspector", "find_file", "find_source_lines", "getdoc", "getsource", "is_simple_callable"]


_FIELDS = (
    "type_name", "base_class", "string_form", "namespace", "length", "file", "definition", "docstring", "source",
    "init_definition", "class_docstring", "init_docstring", "call_def", "call_docstring", "subclasses", "argspec",
    "isclass", "isalias", "ismagic",
)  # fmt: skip


class Inspector:
    """An `Inspector` describes objects."""

    def __init__(self, *args: Any, **options: Any) -> None:
        self.shell = running_shell()

    def pinfo(self, obj: Any, oname: str = "", formatter: Any = None, info: Any = None, detail_level: int = 0, **options: Any) -> None:
        """Shows the description of an object in the pager."""
        from IPython.core.page import page

        page(self._describe(obj, oname, detail_level)["data"])

    def info(self, obj: Any, oname: str = "", info: Any = None, detail_level: int = 0) -> dict[str, Any]:
        """Returns the parts of the description of an object by name."""
        from deno_kernel.introspection.inspection import fields_of

        fields = fields_of({"obj": obj}, "obj", detail_level) or {}
        found = {label.lower().replace(" ", "_"): text for label, text in fields.items()}
        for label, field in (("signature", "definition"), ("init_signature", "init_definition")):
            if label in found:
                found[field] = found.pop(label).replace("obj", oname, 1)
        return {
            **dict.fromkeys(_FIELDS), **found, "name": oname, "found": True, "type_name": type(obj).__name__,
            "base_class": str(type(obj)), "isclass": isinstance(obj, type), "isalias": False, "ismagic": False,
        }  # fmt: skip

    def _describe(self, obj: Any, oname: str, detail: int) -> dict[str, Any]:
        from deno_kernel.introspection.inspection import describe

        name = oname if oname.isidentifier() else "obj"
        return describe({name: obj}, name, detail)


def getdoc(obj: Any) -> str | None:
    """Returns the docstring of an object."""
    method = getattr(obj, "getdoc", None)
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
        parts = [inspect.getsource(part) for part in (obj.fget, obj.fset, obj.fdel) if part is not None]
        return "".join(parts)
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
    return inspect.isfunction(obj) or inspect.ismethod(obj) or inspect.isbuiltin(obj)
