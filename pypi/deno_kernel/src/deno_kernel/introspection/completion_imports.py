"""Completes import statements, and finds the names that they will define, without running them."""

from __future__ import annotations

import re
from types import ModuleType
from typing import Any

from ..source.quiet import parse_quietly
from .completion_reply import Reply, directory, ordered, public

_FROM = re.compile(r"^\s*from\s+([\w.]*)\Z")
_FROM_IMPORT = re.compile(r"^\s*from\s+([\w.]+)\s+import\s+\(?\s*(?:[\w\s,]*[,\s(])?(\w*)\Z", re.DOTALL)
_IMPORT = re.compile(r"^\s*import\s+(?:[\w.\s,]*[,\s])?([\w.]*)\Z")
_STATEMENT = re.compile(r"^[ \t]*(?:from[ \t]+([\w.]+)[ \t]+)?import[ \t]+(?:\(([^)]*)\)|([^\n;#]*))", re.MULTILINE)
_ALIAS = re.compile(r"\s*([\w.]+)(?:\s+as\s+(\w+))?\s*\Z")


def complete_import(text: str, line: str, names: Any) -> Reply | None:
    """Returns the matches inside an import statement; None in any other code."""
    match = _FROM_IMPORT.match(line) or _FROM_IMPORT.match(text[_statement_start(text) :])
    if match:
        return _module_members(match[1], match[2])
    match = _FROM.match(line) or _IMPORT.match(line)
    if not match:
        return None
    package, dot, prefix = match[1].rpartition(".")
    found = submodules(package) if dot else top_level_modules()
    matches = sorted({name for name in found if name.startswith(prefix) and public(name, prefix)})
    return Reply(matches, len(prefix), dict.fromkeys(matches, "module"))


class UnloadedModule(ModuleType):
    """An `UnloadedModule` stands for a module that is not loaded; only its names are known."""

    def __dir__(self) -> list[str]:
        return [*submodules(self.__name__), *_members_in_source(self.__name__)]


def imported_in(text: str) -> dict[str, Any]:
    """Returns the names that import statements define, as far as they are known without running them."""
    found: dict[str, Any] = {}
    for module_name, in_brackets, plain in _STATEMENT.findall(text):
        for part in (in_brackets or plain).split(","):
            match = _ALIAS.match(part)
            if match is None:
                continue
            name, alias = match.groups()
            if not module_name:
                top = name if alias else name.partition(".")[0]
                found[alias or top] = _module(top)
                continue
            members = getattr(_module(module_name), "__dict__", {})
            if name in members:
                found[alias or name] = members[name]
            elif name in submodules(module_name):
                found[alias or name] = _module(f"{module_name}.{name}")
    return found


def _module(name: str) -> ModuleType:
    import importlib
    import sys

    # Builtin modules run no code when they are imported.
    if name in sys.builtin_module_names:
        return importlib.import_module(name)
    return sys.modules.get(name) or UnloadedModule(name)


def _statement_start(text: str) -> int:
    """Returns the position of the last `from` that begins a line, whose names may continue on more lines."""
    found = [match.start() for match in re.finditer(r"^[ \t]*from\b", text, re.MULTILINE)]
    return found[-1] if found else len(text)


def _module_members(module_name: str, prefix: str) -> Reply:
    import sys

    module = sys.modules.get(module_name)
    members: set[str] = set(submodules(module_name))
    if module is not None:
        members.update(directory(module))
    else:
        members.update(_members_in_source(module_name))
    matches = ordered(name for name in members if name.startswith(prefix) and public(name, prefix))
    return Reply(matches, len(prefix))


def _members_in_source(module_name: str) -> set[str]:
    """Returns the names that the source of a module defines, because importing the module would run it."""
    import ast
    import importlib.util

    try:
        spec = importlib.util.find_spec(module_name)
        source = spec.loader.get_source(module_name) if spec and spec.loader else None  # type: ignore[attr-defined]
        tree = parse_quietly(source or "")
    except Exception:
        return set()
    found: set[str] = set()
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, ast.Assign):
            found.update(target.id for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            found.update((alias.asname or alias.name).partition(".")[0] for alias in node.names)
    found.discard("*")
    return found


def top_level_modules() -> set[str]:
    """Returns the names of all modules that can be imported."""
    import pkgutil
    import sys

    found = set(sys.builtin_module_names) | {name for name in sys.modules if "." not in name}
    found.update(getattr(sys, "stdlib_module_names", ()))
    found.update(module.name for module in pkgutil.iter_modules())
    return {name for name in found if name.isidentifier()}


def submodules(package: str) -> set[str]:
    """Returns the names of the modules of a package, which is found but not imported."""
    import importlib.util
    import pkgutil
    import sys

    try:
        module = sys.modules.get(package)
        loaded: set[str] = set()
        if module is not None:
            path = getattr(module, "__path__", None)
            loaded = {name for name in vars(module) if f"{package}.{name}" in sys.modules}
        else:
            top = importlib.util.find_spec(package.partition(".")[0])
            path = top.submodule_search_locations if top else None
            for part in package.split(".")[1:]:
                path = _below(path, part)
        found = {one.name for one in pkgutil.iter_modules(list(path))} if path is not None else set()
        return {name for name in found if name.isidentifier()} | loaded
    except Exception:
        return set()


def _below(path: Any, part: str) -> Any:
    import os

    return [os.path.join(one, part) for one in path or ()] or None
