"""The public names of IPython and ipykernel, read from their sources as PyPI has them."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator

WHEELS = ("ipython==8.37.0", "ipykernel==6.29.5")
"""The packages in the versions that the kernel behaves like."""
# The kernels of other tests replace `Popen` by a class that carries out the commands of pip itself.
_Process = subprocess.Popen
_CACHE = os.path.join(os.path.expanduser(os.environ.get("XDG_CACHE_HOME") or "~/.cache"), "deno_kernel_tests")


def wheels() -> list[str]:
    """Returns the paths of the wheels, which are downloaded once; raises OSError if they cannot be."""
    found = []
    for wanted in WHEELS:
        name, _, version = wanted.partition("==")
        path = os.path.join(_CACHE, f"{name}-{version}-py3-none-any.whl")
        if not os.path.exists(path):
            command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", _CACHE, wanted]
            with _Process(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
                errors = process.communicate(timeout=120)[1]
            if process.returncode or not os.path.exists(path):
                raise OSError(f"{wanted} cannot be downloaded: {errors.strip()[-300:]}")
        found.append(path)
    return found


def names() -> dict[str, set[str]]:
    """Returns the public names of each module, and `Class.method` for those of its classes."""
    found: dict[str, set[str]] = {}
    for path in wheels():
        with zipfile.ZipFile(path) as archive:
            for file in archive.namelist():
                module = file.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
                parts = module.split(".")
                if file.endswith(".py") and not any("test" in part or part.startswith("__") for part in parts):
                    found[module] = set(_of_module(ast.parse(archive.read(file))))
    return {module: found[module] for module in sorted(found)}


def _of_module(tree: ast.Module) -> Iterator[str]:
    for node in _statements(tree.body):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield from _public(node.name)
        elif isinstance(node, ast.ClassDef):
            if not node.name.startswith("_"):
                yield node.name
                yield from (f"{node.name}.{name}" for name in sorted(set(_of_class(node))))
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                if isinstance(target, ast.Name):
                    yield from _public(target.id)


def _of_class(node: ast.ClassDef) -> Iterator[str]:
    for part in _statements(node.body):
        if isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef)):
            if not any("observe" in ast.unparse(it) or "default(" in ast.unparse(it) for it in part.decorator_list):
                yield from _public(part.name)
        elif isinstance(part, (ast.Assign, ast.AnnAssign)):
            for target in part.targets if isinstance(part, ast.Assign) else [part.target]:
                if isinstance(target, ast.Name):
                    yield from _public(target.id)


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yields statements, also those inside of `if` and `try`."""
    for node in body:
        if isinstance(node, ast.If):
            if ast.unparse(node.test) not in ("TYPE_CHECKING", "__name__ == '__main__'"):
                yield from _statements([*node.body, *node.orelse])
        elif isinstance(node, ast.Try):
            yield from _statements([*node.body, *node.orelse, *[part for it in node.handlers for part in it.body]])
        else:
            yield node


def _public(name: str) -> Iterator[str]:
    if not name.startswith("_"):
        yield name
