"""Finds the compiled modules of a project, and tells if its code does without them, as after a build without a compiler."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

_MISSING = {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"}
"""The exceptions whose handlers catch that a module is missing."""
_TESTS = {"test", "tests", "testing", "conftest"}


def extension_names(setup: str) -> set[str] | None:
    """Returns the names of the extensions that the text of a `setup.py` compiles; None if they are no literals."""
    try:
        tree = ast.parse(setup)
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # The last two are raised for code that is nested deeply.
        return None
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _last_name(node.func) == "Extension":
            name = next((it.value for it in node.keywords if it.arg == "name"), node.args[0] if node.args else None)
            if not (isinstance(name, ast.Constant) and isinstance(name.value, str)):
                return None
            found.add(name.value)
    return found or None


def needed_extension(extensions: set[str], files: Mapping[str, bytes]) -> str | None:
    """Returns a compiled module that the code needs; None if it only tries to import each, and goes on without.

    `files` are the contents of the project's files by their paths below its root. Modules of tests, and private ones
    that nothing else needs, may lack anything.
    """
    imports = {name: set(_imports(tree, package)) for name, package, tree in _modules(files)}
    lacking = {name: {name} for name in extensions}
    """The modules that cannot be imported, each with the extensions that it lacks."""
    is_changed = True
    while is_changed:
        is_changed = False
        for module, found in imports.items():
            lacks = set().union(*(lacking.get(name, ()) for name, is_tried in found if not is_tried))
            if not lacks <= lacking.get(module, set()):
                lacking[module] = lacks | lacking.get(module, set())
                is_changed = True
    tried = {name for module, found in imports.items() if module not in lacking for name, is_tried in found if is_tried}
    dispensable = set().union(*(lacking.get(name, ()) for name in tried))
    for module in lacking.keys() - tried:
        if module not in extensions and not _is_private(module):
            dispensable -= lacking[module]
    return next(iter(sorted(extensions - dispensable)), None)


def _modules(files: Mapping[str, bytes]) -> Iterator[tuple[str, list[str], ast.AST]]:
    """Yields the name of each module, that of its package in parts, and its code."""
    for path, content in files.items():
        if path.endswith(".py"):
            parts = path.removesuffix(".py").split("/")
            module = parts[:-1] if parts[-1] == "__init__" else parts
            try:
                yield ".".join(module), parts[:-1], ast.parse(content)
            except (SyntaxError, ValueError):
                continue  # Templates of code are no modules.


def _is_private(module: str) -> bool:
    return any(part.startswith("_") or part in _TESTS for part in module.split("."))


def _imports(tree: ast.AST, package: list[str], is_tried: bool = False) -> Iterator[tuple[str, bool]]:
    """Yields the names of imported modules, and of what could be one, each with true if its absence is caught."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, is_tried) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = [*package[: len(package) - node.level + 1], *filter(None, [node.module])] if node.level else [node.module or ""]
            name = ".".join(base)
            yield name, is_tried
            yield from ((f"{name}.{alias.name}", is_tried) for alias in node.names)
        elif isinstance(node, ast.Try):
            catches = any(map(_catches_absence, node.handlers))
            for part in node.body:
                yield from _imports(ast.Module([part], []), package, is_tried or catches)
            for part in (*node.handlers, *node.orelse, *node.finalbody):
                yield from _imports(part if isinstance(part, ast.ExceptHandler) else ast.Module([part], []), package, is_tried)
        elif not (isinstance(node, ast.If) and _last_name(node.test) == "TYPE_CHECKING"):
            yield from _imports(node, package, is_tried or (isinstance(node, ast.With) and _suppresses_absence(node)))


def _catches_absence(handler: ast.ExceptHandler) -> bool:
    """Returns true if a handler goes on when a module is missing."""
    return _is_absence(handler.type) and not any(isinstance(it, ast.Raise) for it in handler.body)


def _suppresses_absence(node: ast.With) -> bool:
    calls = [it.context_expr for it in node.items]
    return any(isinstance(it, ast.Call) and _last_name(it.func) == "suppress" and any(map(_is_absence, it.args)) for it in calls)


def _is_absence(exception: ast.expr | None) -> bool:
    names = exception.elts if isinstance(exception, ast.Tuple) else [exception]
    return any(it is None or _last_name(it) in _MISSING for it in names)


def _last_name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
