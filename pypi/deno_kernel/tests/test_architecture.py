"""Tests the imports between the package's modules: none is part of a circle, and none leads to a package above."""

from __future__ import annotations

import ast
import os
import re
import unittest
from collections.abc import Iterable, Iterator, Mapping

import deno_kernel

# The packages from the ground to the top. A package may import itself and those before it.
LAYERS = (
    "current", "host", "waiting", "network", "tools", "source", "display", "tables", "figures", "packages", "execution", "introspection", "debugging", "kernel", "shell",
    "ipython", "magics", "stand_ins", "imports", "e2b", "entry",
)  # fmt: skip
ROOT = "deno_kernel"

Graph = Mapping[str, set[str]]


def sources() -> dict[str, str]:
    """Returns the source of every module, by its name below the root; `__init__` has the name of its package."""
    top = os.path.dirname(os.path.abspath(deno_kernel.__file__))
    found = {}
    for directory, _, files in os.walk(top):
        for file in files:
            if file.endswith(".py"):
                path = os.path.join(directory, file)
                name = os.path.relpath(path, top)[:-3].replace(os.sep, ".").removesuffix("__init__").rstrip(".")
                with open(path, encoding="utf-8") as source:
                    found[name] = source.read()
    return found


def imports(module: str, source: str, modules: Iterable[str], is_package: bool = False) -> set[str]:
    """Returns the modules that a module imports anywhere, also for type checkers, or names in a str."""
    known = set(modules)

    def targets() -> Iterator[str]:
        here = module.split(".") if module else []
        package = here if is_package else here[:-1]
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                above = [ROOT, *package[: len(package) - node.level + 1]] if node.level else []
                base = ".".join([*above, node.module] if node.module else above)
                for alias in node.names:
                    inner = f"{base}.{alias.name}"
                    yield inner if inner.removeprefix(f"{ROOT}.") in known else base
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                match = re.fullmatch(rf"(?:module://)?({ROOT}(?:\.\w+)+)", node.value)
                while match and match[1].removeprefix(f"{ROOT}.") not in known:
                    match = re.match(r"(.*)\.", match[1])  # The name is that of a class of a module.
                if match:
                    yield match[1]

    found = {target.removeprefix(f"{ROOT}.") for target in targets() if target.startswith(f"{ROOT}.")}
    return (found & known) - {module, ""}


def circle(graph: Graph) -> list[str] | None:
    """Returns the names along a circle of a graph, the first one again at the end; None if there is no circle."""
    done: set[str] = set()

    def visit(name: str, path: list[str]) -> list[str] | None:
        if name in path:
            return [*path[path.index(name) :], name]
        if name in done:
            return None
        for target in sorted(graph.get(name, ())):
            found = visit(target, [*path, name])
            if found:
                return found
        done.add(name)
        return None

    return next((found for name in sorted(graph) if (found := visit(name, []))), None)


def breaches(graph: Graph, layers: Iterable[str]) -> list[str]:
    """Returns the imports that lead from a package to one above it."""
    rank = {name: index for index, name in enumerate(layers)}
    return [
        f"{module} imports {target}"
        for module in sorted(graph)
        for target in sorted(graph[module])
        if rank[target.split(".")[0]] > rank[module.split(".")[0]]
    ]


def packages(graph: Graph) -> dict[str, set[str]]:
    """Returns the graph of the packages, by the graph of their modules."""
    found: dict[str, set[str]] = {}
    for module, targets in graph.items():
        package = module.split(".")[0]
        found.setdefault(package, set()).update({target.split(".")[0] for target in targets} - {package})
    return found


class Architecture(unittest.TestCase):
    """Tests the imports of the package."""

    def setUp(self) -> None:
        found = sources()
        parents = {name.rpartition(".")[0] for name in found}
        self.graph = {name: imports(name, source, found, name in parents) for name, source in found.items() if name}

    def test_every_module_is_in_a_layer(self) -> None:
        self.assertEqual({name.split(".")[0] for name in self.graph}, set(LAYERS))

    def test_modules_import_in_no_circle(self) -> None:
        self.assertIsNone(circle(self.graph))

    def test_packages_import_in_no_circle(self) -> None:
        self.assertIsNone(circle(packages(self.graph)))

    def test_no_package_imports_one_above_it(self) -> None:
        self.assertEqual(breaches(self.graph, LAYERS), [])


class Checks(unittest.TestCase):
    """Tests the checks, with imports that are made up."""

    def test_imports_finds_every_way_to_import(self) -> None:
        modules = {"host", "host.events", "host.text", "kernel", "magics.names", "magics"}
        source = (
            "from .text import to_json\n"
            "def late():\n    from ..kernel import Kernel\n"
            "if TYPE_CHECKING:\n    from ..magics import names\n"
            "import json\n"
        )
        self.assertEqual(imports("host.events", source, modules), {"host.text", "kernel", "magics.names"})
        self.assertEqual(imports("host", "from .text import a", modules, True), {"host.text"})
        self.assertEqual(imports("kernel", "import deno_kernel.host.text", modules), {"host.text"})
        self.assertEqual(imports("kernel", "x = 'deno_kernel.magics.names.NameMagics'", modules), {"magics.names"})
        self.assertEqual(imports("kernel", "x = 'module://deno_kernel.magics.names'", modules), {"magics.names"})

    def test_circle_is_found(self) -> None:
        self.assertEqual(circle({"a": {"b"}, "b": {"c"}, "c": {"b"}}), ["b", "c", "b"])
        self.assertIsNone(circle({"a": {"b", "c"}, "b": {"c"}, "c": set()}))

    def test_breaches_are_found(self) -> None:
        graph = {"host.events": {"kernel"}, "kernel": {"host.events"}}
        self.assertEqual(breaches(graph, ("host", "kernel")), ["host.events imports kernel"])
        self.assertEqual(packages(graph), {"host": {"kernel"}, "kernel": {"host"}})
