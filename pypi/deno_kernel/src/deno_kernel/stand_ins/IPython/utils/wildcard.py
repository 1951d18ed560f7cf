"""The stand-in for `IPython.utils.wildcard`."""

from __future__ import annotations

import fnmatch
import re
from typing import Any

from IPython.utils.dir2 import dir2

__all__ = ["dict_dir", "filter_ns", "is_type", "list_namespace", "show_hidden"]


def is_type(obj: Any, typestr_or_type: str) -> bool:
    """Returns true if the type of an object has a name, or if the name is `all`."""
    return typestr_or_type == "all" or type(obj).__name__ == typestr_or_type


def show_hidden(str: str, show_all: bool = False) -> bool:
    """Returns true unless a name begins with one underscore; with `show_all`, always."""
    return show_all or str.startswith("__") or not str.startswith("_")


def dict_dir(obj: Any) -> dict[str, Any]:
    """Returns the attributes of an object, without those that cannot be got."""
    found = {}
    for name in dir2(obj):
        try:
            found[name] = getattr(obj, name)
        except Exception:
            continue
    return found


def filter_ns(
    ns: dict[str, Any], name_pattern: str = "*", type_pattern: str = "all", ignore_case: bool = True, show_all: bool = True
) -> dict[str, Any]:
    """Returns the entries of a namespace whose names match a pattern and whose types have a name."""
    matches = re.compile(fnmatch.translate(name_pattern), re.IGNORECASE if ignore_case else 0).match
    return {
        name: value for name, value in ns.items()
        if matches(name) and show_hidden(name, show_all) and is_type(value, type_pattern)
    }  # fmt: skip


def list_namespace(
    namespace: dict[str, Any], type_pattern: str, filter: str, ignore_case: bool = False, show_all: bool = False
) -> dict[str, Any]:
    """Returns the entries of a namespace that match a pattern such as `a*.b*`."""
    first, *rest = filter.split(".", 1)
    if not rest:
        return filter_ns(namespace, first, type_pattern, ignore_case, show_all)
    found = {}
    for name, value in filter_ns(namespace, first, "all", ignore_case, show_all).items():
        for key, one in list_namespace(dict_dir(value), type_pattern, rest[0], ignore_case, show_all).items():
            found[f"{name}.{key}"] = one
    return found
