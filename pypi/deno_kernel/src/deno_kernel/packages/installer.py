"""Installs packages: those that a cell imports, and those that `%pip` names."""

from __future__ import annotations

import ast
import importlib
import importlib.util
import json
import os
import re
import sys
from collections.abc import Iterable
from typing import Any, Protocol

from ..current import running_kernel
from ..host.events import EventSender
from ..waiting.waits import Waits
from .archives import Archive, PackageError, canonical, check_wheel_name
from .installed import forget_directories, installed, installed_names, remove

_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
_PINNED = re.compile(r"(?P<name>[A-Za-z0-9._-]+)\s*(?:==\s*(?P<version>[A-Za-z0-9.!+]+))?")


class PackageSource(Protocol):
    """A `PackageSource` gets packages from the kernel's host."""

    async def list(self) -> dict[str, Any]:
        """Returns `{"lock": {"packages": {name: {...}}}, "indexUrl": str | None}`."""

    async def file(self, name: str) -> bytes:
        """Returns the content of the file of a package of the distribution."""

    def directory_of(self, place: str) -> str:
        """Returns the directory of a place; "site" is that of Python packages."""

    async def install(self, archive: Archive, place: str, origin: str) -> None:
        """Unpacks an archive into the directory of a place; `origin` is noted beside its metadata."""

    def loaded(self, name: str, origin: str) -> None:
        """Tells other installers that a package is installed."""


class Packages:
    """A `Packages` installs the packages of a kernel; without a source it refuses."""

    def __init__(self, waits: Waits, events: EventSender, source: PackageSource | None) -> None:
        self._waits = waits
        self._events = events
        self._source = source
        self._locked: dict[str, dict[str, Any]] = {}
        self._modules: dict[str, str] = {}
        self._index_url: str | None = None
        self._known = False
        self._micropip_knows = False
        # Packages such as shared libraries have no metadata by which `installed` would find them.
        self._without_metadata: set[str] = set()

    def load_imports(self, code: str) -> None:
        """Installs the packages that a cell imports and that are missing; a failure is printed on stderr."""
        if self._source is None or "import" not in code:
            return
        modules = imported_modules(code)
        missing = [name for name in modules if not _is_there(name)]
        if missing or ("micropip" in modules and not self._micropip_knows):
            self._waits.wait(self._load_modules(missing, "micropip" in modules))

    def install(self, requirements: Iterable[str], **options: Any) -> list[str]:
        """Installs requirements and their dependencies; returns the new ones as `name-version`. Raises PackageError."""
        return self._waits.wait(self.install_async(list(requirements), **options))

    async def install_async(self, requirements: list[str], **options: Any) -> list[str]:
        """Does the same as `install` without blocking."""
        await self._learn()
        before = installed()
        names = [name for name in map(self._in_distribution, requirements) if name]
        if len(names) == len(requirements):
            await self._load(names)
        else:
            await self._install_others(requirements, options)
        after = installed()
        return [f"{name}-{version}" for name, version in sorted(after.items()) if before.get(name) != version]

    def import_modules(self, requirements: Iterable[str]) -> None:
        """Imports the modules of packages of the distribution; a module that raises is skipped."""
        for requirement in requirements:
            name = self._in_distribution(requirement)
            for module in self._locked[name]["imports"] if name else ():
                try:
                    importlib.import_module(module)
                except Exception:
                    continue

    def _in_distribution(self, requirement: str) -> str | None:
        match = _PINNED.fullmatch(requirement.strip())
        if match is None:
            return None
        found = self._locked.get(canonical(match["name"]))
        if found is None or match["version"] not in (None, found["version"]):
            return None
        return canonical(match["name"])

    async def _install_others(self, requirements: list[str], options: dict[str, Any]) -> None:
        micropip = await self._micropip()
        if micropip is not None:
            addresses = [_address(requirement) for requirement in requirements]
            try:
                await micropip.install(addresses, **options)
            except Exception as error:
                raise PackageError(self._explain(error)) from error
            return
        for requirement in requirements:
            name = self._in_distribution(requirement)
            if name is not None:
                await self._load([name])
            elif requirement.endswith(".whl") and "://" not in requirement:
                await self._install_file(requirement)
            else:
                raise PackageError(self._unavailable(requirement))

    async def _micropip(self) -> Any:
        """Returns the module micropip, Pyodide's installer, and installs it first; None if it is not available."""
        if not _is_there("micropip"):
            if "micropip" not in self._locked:
                return None
            try:
                await self._load(["micropip"])
            except PackageError:
                return None
        return self._introduce_micropip()

    def _introduce_micropip(self) -> Any:
        """Returns micropip with the address of the server's index, because its default cannot be reached."""
        import micropip

        if self._index_url is not None and not self._micropip_knows:
            micropip.set_index_urls([self._index_url])
        self._micropip_knows = True
        return micropip

    def _explain(self, error: Exception) -> str:
        text = str(error) or type(error).__name__
        if "pure Python" in text or "find a pure" in text:
            return (
                f"{text}\nOnly wheels of pure Python (py3-none-any) and those of this server's distribution can be "
                "installed: nothing can be compiled here"
            )
        if self._index_url is None and "Can't find" in text or "no package index" in text:
            return f"{text}\nThis server has no package index: only what its distribution has can be installed"
        return text

    def _unavailable(self, requirement: str) -> str:
        match = _NAME.match(requirement)
        name = match[0] if match else requirement
        found = self._locked.get(canonical(name))
        if found is not None:
            return (
                f"Cannot install {requirement}: the distribution has {found['name']} {found['version']}, and to look "
                "for other versions takes micropip, which it does not have"
            )
        if self._index_url is None:
            return (
                f"Cannot install {requirement}: the distribution has no such package, and this server has no package "
                "index (PACKAGE_INDEX_URL)"
            )
        return (
            f"Cannot install {requirement}: the distribution has no such package, and to ask the index takes micropip, "
            "which it does not have: add micropip's wheel to PACKAGE_WHEELS_DIR"
        )

    async def _install_file(self, path: str) -> None:
        try:
            with open(path.removeprefix("emfs:"), "rb") as file:
                content = file.read()
        except OSError as error:
            raise PackageError(f"Cannot read {path}: {error.strerror}") from None
        file_name = os.path.basename(path)
        archive = Archive(content, file_name)
        archive.check()
        check_wheel_name(file_name)
        there = installed_names()
        needed = [name for name in archive.requirements() if name not in there]
        locked = [name for name in needed if name in self._locked]
        for name in needed:
            if name not in self._locked:
                raise PackageError(f"Cannot install {file_name}: it needs {name}. {self._unavailable(name)}")
        await self._load(locked)
        await self._unpack([(archive, "site", f"file:{path}")])

    async def _learn(self) -> None:
        if self._known:
            return
        if self._source is None:
            raise PackageError("Packages cannot be installed in this kernel: its server gives it none (PACKAGES)")
        try:
            found = await self._source.list()
        except Exception as error:
            raise PackageError(f"Cannot find out what packages there are: {_reason(error)}") from error
        self._locked = found["lock"]["packages"]
        self._index_url = found["indexUrl"]
        self._modules = {
            module: name for name, package in self._locked.items() for module in package.get("imports", ())
        }
        self._known = True

    async def _load_modules(self, modules: list[str], micropip: bool) -> None:
        try:
            await self._learn()
            names = {self._modules[module] for module in modules if module in self._modules}
            if names:
                await self._load(sorted(names))
            if micropip and _is_there("micropip"):
                self._introduce_micropip()
        except PackageError as error:
            print(error, file=sys.stderr)

    async def _load(self, names: list[str]) -> None:
        """Installs packages of the distribution with their dependencies; all of them or none."""
        wanted = self._closure(names)
        archives = []
        for package in wanted:
            self._progress(package["name"], None, False)
            try:
                content = await self._source.file(canonical(package["name"]))  # type: ignore[union-attr]
            except Exception as error:
                asked_for = canonical(package["name"]) in names
                reason = "" if asked_for else f", which {' and '.join(names)} needs"
                raise PackageError(f"Cannot load {package['name']}{reason}: {_reason(error)}") from error
            archives.append(Archive(content, os.path.basename(package["file_name"])))
            self._progress(package["name"], len(content), False)
        places = [package.get("install_dir", "site") for package in wanted]
        await self._unpack([(archive, place, "pyodide") for archive, place in zip(archives, places)])
        for package, archive in zip(wanted, archives):
            self._source.loaded(package["name"], "default channel")  # type: ignore[union-attr]
            if not archive.file_name.endswith(".whl"):
                self._without_metadata.add(canonical(package["name"]))
            self._progress(package["name"], len(archive.content), True)

    def _closure(self, names: list[str]) -> list[dict[str, Any]]:
        """Returns the packages that are needed and missing, each after its dependencies."""
        found: dict[str, dict[str, Any]] = {}
        there = self._without_metadata.union(installed_names())

        def visit(name: str, needed_by: str | None) -> None:
            if name in found or name in there:
                return
            package = self._locked.get(name)
            if package is None:
                raise PackageError(f"Cannot load {needed_by}: it needs {name}, which the distribution does not have")
            found[name] = package
            for needed in package.get("depends", ()):
                visit(canonical(needed), name)

        for name in names:
            visit(name, None)
        return list(reversed(found.values()))

    async def _unpack(self, files: list[tuple[Archive, str, str]]) -> None:
        """Unpacks archives, each with its place and origin; all of them or none."""
        fresh: list[str] = []
        for archive, place, origin in files:
            fresh += archive.new_paths(self._source.directory_of(place))  # type: ignore[union-attr]
            try:
                await self._source.install(archive, place, origin)  # type: ignore[union-attr]
            except Exception as error:
                remove(fresh)
                if isinstance(error, PackageError):
                    raise
                raise PackageError(f"Cannot install {archive.file_name}: {_reason(error)}") from error
        forget_directories()

    def _progress(self, name: str, size: int | None, done: bool) -> None:
        self._events.send("package_progress", {"name": name, "bytes": size, "done": done})


def imported_modules(code: str) -> list[str]:
    """Returns the names of the top-level modules that code imports; none if the code has a syntax error."""
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError):
        return []
    names: dict[str, None] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                names[alias.name.partition(".")[0]] = None
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names[node.module.partition(".")[0]] = None
    return list(names)


def parse_requirements(text: str) -> list[str]:
    """Returns the requirements of a `requirements.txt`; raises PackageError for an option of pip."""
    found = []
    for line in text.splitlines():
        entry = re.sub(r"(^|\s)#.*$", "", line).strip()
        if not entry:
            continue
        if entry.startswith("-"):
            raise PackageError(f"Cannot use the line {entry!r} of the requirements: name packages only")
        found.append(entry)
    return found


def install_now(request: str) -> None:
    """Installs the requirements of a JSON text: `{"requirements": [...] or "...", "importing": false}`.

    The requirements are a list of names, or the text of a `requirements.txt`. With `importing`, their modules are
    imported as well. Raises PackageError.
    """
    packages, asked = running_kernel().packages, json.loads(request)
    wanted = asked["requirements"]
    requirements = parse_requirements(wanted) if isinstance(wanted, str) else wanted
    packages.install(requirements)
    if asked["importing"]:
        packages.import_modules(requirements)


def _address(requirement: str) -> str:
    """Returns the path of a wheel as the URL by which micropip knows it; other requirements stay."""
    if requirement.endswith(".whl") and "://" not in requirement and not requirement.startswith("emfs:"):
        return "emfs:" + os.path.abspath(requirement)
    return requirement


def _is_there(module: str) -> bool:
    if module in sys.modules or module in sys.stdlib_module_names:
        return True
    try:
        return importlib.util.find_spec(module) is not None
    except (ImportError, ValueError):
        return True  # The import itself will raise this, and the user sees it there.


def _reason(error: BaseException) -> str:
    text = str(error)
    return re.sub(r"^(?:KernelError|TypeError|Error): ", "", text) or type(error).__name__
