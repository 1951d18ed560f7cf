"""Installs packages: those that imports need, and those that a person names."""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import re
import sys
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, NoReturn

from ..current import running_kernel
from ..host.events import EventSender
from ..waiting.waits import Waits
from .archives import Archive, PackageError, assert_room_of_packages, canonical
from .folders import wheels_in
from .imported_modules import imported_modules, is_there
from .installed import forget_directories, installed_names, metadata_directories, remove
from .kept_plans import kept_plan
from .locked import in_distribution, plan_by_lists
from .module_packages import ModulePackages
from .package_source import PackageSource
from .plans import Installation, InstallPlan, InstallRequest, PackageFile
from .removal import Removal
from .requirements_file import Requirements, read_requirements
from .resolving import Resolving
from .scripts import script_paths, write_scripts
from .targets import unpack_into

_ADVICE_SECONDS = 10.0
"""The time that advice about a failed import may take."""

_NEEDS_RESOLVER = (
    "This takes the wheels of packaging and resolvelib that the server is made for, and no source of packages has them: "
    "add them to PACKAGE_WHEELS_DIR"
)


class Packages:
    """A `Packages` installs the packages of a kernel; without a source it refuses."""

    def __init__(self, waits: Waits, events: EventSender, source: PackageSource | None) -> None:
        self._waits = waits
        self._events = events
        self._source = source
        self._listed: dict[str, Any] = {}
        self._locked: dict[str, dict[str, Any]] = {}
        # Nothing is known of modules before the host was asked.
        self._modules: ModulePackages | None = None
        self._resolving = None if source is None else Resolving(source.get, source.download, source.add_bytecode)
        # The reasons why modules could not be loaded, until the next cell.
        self._failed: dict[str, str] = {}
        # The server's directory of wheels may have changed since the list was got.
        self._is_list_old = False
        # A plan is right for what is installed when it is made, so that installations take turns.
        self._turn = asyncio.Lock()
        # Packages such as shared libraries have no metadata by which `installed` would find them.
        self._without_metadata: set[str] = set()

    def forget(self) -> None:
        """Forgets what the sources have, so that the next installation asks again."""
        self._listed, self._locked, self._modules = {}, {}, None
        self._failed.clear()

    def load_imports(self, code: str) -> None:
        """Installs the packages that a cell imports and that are missing, all at once.

        A failure is not told here: the import asks again for its own package, and raises the reason.
        """
        if self._source is None:
            return
        imported = imported_modules(code) if "import" in code else []
        # An index is asked again for what this cell names, and not for what libraries only try to import.
        self._failed = {name: it for name, it in self._failed.items() if self._is_of_index(name) and name not in imported}
        self._is_list_old = True
        missing = [name for name in imported if not is_there(name)]
        if missing:
            try:
                self._waits.wait(self._load_modules(missing))
            except PackageError as error:
                if len(missing) == 1:
                    self._failed[missing[0]] = str(error)

    def load_module(self, module: str, library: str | None = None, is_import: bool = True) -> bool:
        """Installs the package that brings a top-level module; returns false if none is known.

        For an installed library, named by its own top-level module, a package that only an index has counts as unknown,
        unless the library imports it and mentions it in its metadata: many libraries only try what there is.

        Raises PackageError if it cannot be had, and RuntimeError where Python cannot wait for it.
        """
        if self._source is None or module in sys.stdlib_module_names:
            return False
        if module in self._failed:
            raise PackageError(self._failed[module])
        name = self._package_of(module)
        if self._modules is not None and name is None and not self._is_list_old:
            return False
        if not self._waits.can_wait():
            if name is None or library is not None and self._is_of_index(module):
                return False
            raise RuntimeError(f"{name} brings it, and this code cannot wait until that is installed")
        try:
            return self._waits.wait(self._load_for(module, library, is_import))
        except PackageError as error:
            self._failed[module] = str(error)
            raise

    def lacks_module(self, module: str) -> NoReturn:
        """Notes that a module is not there although its package is installed. Raises PackageError."""
        name = self._package_of(module)
        version = next((it.version for it in metadata_directories() if canonical(it.name) == name), "")
        self._failed[module] = f"{name} {version}, which is installed, has no such module"
        raise PackageError(self._failed[module])

    def install(self, request: InstallRequest) -> Installation:
        """Installs requirements and what they need; all of it or nothing. Raises PackageError."""
        return self._waits.wait(self.install_async(request))

    def plan(self, request: InstallRequest) -> Installation:
        """Returns what `install` would do."""
        return self._waits.wait(self._told_plan(request))

    def install_into(self, request: InstallRequest, directory: str, replaces: bool) -> Installation:
        """Unpacks requirements, and what they need, into a directory beside those of this kernel.

        A package that is there already stays, unless it is replaced. Raises PackageError.
        """
        return self._waits.wait(self._install_into(replace(request, ignore_installed=True), directory, replaces))

    def files(self, request: InstallRequest) -> tuple[PackageFile, ...]:
        """Returns the files of requirements and of what they need. Raises PackageError."""
        return self._waits.wait(self._plan(replace(request, ignore_installed=True))).files

    async def install_async(self, request: InstallRequest) -> Installation:
        """Does the same as `install` without blocking."""
        async with self._turn:
            await self._learn(again=True)
            return await self._install(request)

    def plan_for_others(self, question: dict[str, Any]) -> dict[str, Any] | None:
        """Returns what the host keeps for the question of another kernel; None if there is no plan to keep."""
        return self._waits.wait(self._plan_for_others(question))

    def uninstall(self, names: Iterable[str]) -> list[str]:
        """Removes packages; returns them as `name-version`. Raises PackageError for one that is not installed."""
        removals: list[Removal] = []
        try:
            for name in names:
                removals.append(Removal(name))
        except BaseException:
            for removal in reversed(removals):
                removal.undo()
            raise
        for removal in removals:
            removal.finish()
            if self._source is not None:
                self._source.loaded(removal.name, None)
        forget_directories()
        return [str(removal) for removal in removals]

    def check(self) -> list[str]:
        """Returns what installed packages need and do not have, as sentences. Raises PackageError."""
        return self._waits.wait(self._check())

    def index_url(self) -> str | None:
        """Returns the address of the index, without credentials; None if there is none. Raises PackageError."""
        self._waits.wait(self._learn())
        return self._listed["indexUrl"]  # type: ignore[no-any-return]

    def versions(self, name: str) -> list[str]:
        """Returns the versions of a package that can be installed, the newest first. Raises PackageError."""
        return self._waits.wait(self._versions(name))

    def download_text(self, url: str) -> str:
        """Returns the text at an address that this kernel may connect to. Raises PackageError."""
        if self._source is None:
            raise PackageError(f"Cannot fetch {url}: this kernel gets no packages (PACKAGES)")
        try:
            status, content = self._waits.wait(self._source.download(url))
        except Exception as error:
            reason = _reason(error)
            raise PackageError(reason if reason.startswith("Cannot ") else f"Cannot fetch {url}: {reason}") from None
        if status != 200:
            raise PackageError(f"Cannot fetch {url}: status {status}")
        return content.decode("utf-8", "replace")

    def newest(self, names: Iterable[str]) -> dict[str, str]:
        """Returns the newest versions of packages that can be installed; leaves out those that no source has."""
        return self._waits.wait(self._newest(list(names)))

    def advice(self, name: str) -> str:
        """Returns the end of a sentence that begins with a package which an import lacks: how to get it, or why not."""
        install = f": run %pip install {name}"
        if self._source is None:
            return ", and kernels of this server get no packages (PACKAGES)"
        if not self._waits.can_wait():
            return install
        try:
            reason = self._waits.wait(asyncio.wait_for(self._look_up(name), _ADVICE_SECONDS))
        except (PackageError, TimeoutError):
            return install
        if reason is None:
            return install
        return f", which cannot be had here: {reason}\nA kernel of a remote server may have it (REMOTE_SERVERS)"

    def import_modules(self, requirements: Iterable[str]) -> None:
        """Imports the modules of packages of the distribution; a module that raises is skipped."""
        for requirement in requirements:
            name = in_distribution(requirement, self._locked)
            for module in self._locked[name]["imports"] if name else ():
                try:
                    importlib.import_module(module)
                except Exception:
                    continue

    async def _look_up(self, name: str) -> str | None:
        """Returns the reason why no version of a package runs here; None if there is one."""
        resolving = await self._need_resolving()
        async with self._turn:
            return await resolving.look_up(name, self._listed)

    async def _check(self) -> list[str]:
        return (await self._need_resolving()).check()

    async def _versions(self, name: str) -> list[str]:
        resolving = await self._need_resolving()
        locked, url = self._locked.get(canonical(name)), self._listed["indexUrl"]
        page = None
        if url is not None:
            try:
                status, content = await self._source.get(f"{url}/{canonical(name)}/")  # type: ignore[union-attr]
            except Exception as error:
                raise PackageError(_reason(error)) from error
            page = json.loads(content) if status == 200 else None
        found = resolving.versions(canonical(name), page, [] if locked is None else [locked["version"]])
        if not found:
            raise PackageError(f"Cannot find {name}: no source has a version that runs here")
        return found

    async def _newest(self, names: list[str]) -> dict[str, str]:
        await self._need_resolving()
        found = await asyncio.gather(*map(self._versions, names), return_exceptions=True)
        return {name: versions[0] for name, versions in zip(names, found) if isinstance(versions, list)}

    async def _need_resolving(self) -> Resolving:
        await self._learn()
        assert self._resolving is not None
        if not await self._resolving.is_available():
            raise PackageError(_NEEDS_RESOLVER)
        return self._resolving

    async def _install(self, request: InstallRequest) -> Installation:
        plan = await self._plan(request)
        _assert_hashes(plan.files, request)
        loaded = [it for it in plan.files if it.replaces and _is_loaded(Archive(it.content, it.file_name))]
        replaced = await self._carry_out(plan.files)
        self._failed.clear()
        if self._modules is not None:
            self._modules.forget_metadata()
        later = [
            f"{it.name} {it.replaces} is loaded and stays until the kernel ends: restart the kernel to use it in "
            f"version {it.version}, and install that again before it is imported"
            for it in loaded
        ]
        return Installation(tuple(map(str, plan.files)), tuple(replaced), plan.satisfied, (*plan.notes, *later))

    async def _install_into(self, request: InstallRequest, directory: str, replaces: bool) -> Installation:
        plan = await self._plan(request)
        _assert_hashes(plan.files, request)
        return unpack_into(directory, plan.files, replaces)

    async def _told_plan(self, request: InstallRequest) -> Installation:
        plan = await self._plan(request)
        replaced = tuple(f"{it.name}-{it.replaces}" for it in plan.files if it.replaces)
        pinned = tuple(it.pinned for it in plan.files)
        return Installation(tuple(map(str, plan.files)), replaced, plan.satisfied, plan.notes, pinned)

    async def _plan_for_others(self, question: dict[str, Any]) -> dict[str, Any] | None:
        resolving = await self._need_resolving()
        return await resolving.plan_for_others(question, self._listed)

    async def _plan(self, request: InstallRequest) -> InstallPlan:
        await self._learn()
        assert self._resolving is not None
        found = wheels_in(request.folders)
        without_metadata = set() if request.ignore_installed else self._without_metadata
        kept = await kept_plan(self._get_told, request, self._locked, without_metadata)
        if kept is not None:
            return kept
        if await self._resolving.is_available():
            plan = await self._resolving.plan(request, self._listed, found, self._get_told)
            files = tuple(it for it in plan.files if canonical(it.name) not in without_metadata)
            return InstallPlan(files, plan.satisfied, plan.notes)
        if request.constraints or request.upgrade or request.prereleases or request.folders or request.no_index:
            raise PackageError(_NEEDS_RESOLVER)
        is_fresh = request.reinstall or request.ignore_installed
        there = without_metadata | (set() if is_fresh else installed_names())
        has_index = self._listed["indexUrl"] is not None
        return await plan_by_lists(request, self._locked, self._fetch_locked, there, has_index)

    async def _learn(self, again: bool = False) -> None:
        if self._listed and not again:
            return
        if self._source is None:
            raise PackageError("Packages cannot be installed in this kernel: its server gives it none (PACKAGES)")
        try:
            found = await self._source.list()
        except Exception as error:
            raise PackageError(f"Cannot find out what packages there are: {_reason(error)}") from error
        self._locked = found["lock"]["packages"]
        self._modules = ModulePackages(self._locked, found["indexUrl"] is not None)
        self._listed = found
        self._is_list_old = False

    def _package_of(self, module: str) -> str | None:
        return None if self._modules is None else self._modules.package_of(module)

    def _is_of_index(self, module: str) -> bool:
        return self._modules is not None and self._modules.is_of_index(module)

    async def _load_for(self, module: str, library: str | None, is_import: bool) -> bool:
        if library is not None:
            await self._learn(again=self._is_list_old and self._package_of(module) is None)
            if self._is_of_index(module) and not (is_import and self._is_mentioned(library, module)):
                return False
        return await self._load_modules([module])

    def _is_mentioned(self, library: str, module: str) -> bool:
        name = self._package_of(module)
        return self._modules is not None and name is not None and self._modules.mentions(library, name)

    async def _load_modules(self, modules: list[str]) -> bool:
        """Installs the packages that bring some modules; returns false if none is known."""
        is_unknown = any(self._package_of(module) is None or self._is_of_index(module) for module in modules)
        await self._learn(again=self._is_list_old and is_unknown)
        names = sorted({name for module in modules if (name := self._package_of(module)) is not None})
        if names:
            async with self._turn:
                await self._install(InstallRequest(tuple(names)))
        return bool(names)

    async def _get_told(self, url: str) -> tuple[int, bytes]:
        """Asks the host, and sends events about the files of packages."""
        name = url.removeprefix("packages:file/")
        if name == url:
            if url.startswith("packages:"):
                return await self._source.get(url)  # type: ignore[union-attr]
            file_name = url.partition("?")[0].rpartition("/")[2]
            if not file_name.endswith(".whl"):
                return await self._source.get(url)  # type: ignore[union-attr]
            name = canonical(file_name.partition("-")[0])
        self._progress(name, None, False)
        status, content = await self._source.get(url)  # type: ignore[union-attr]
        self._progress(name, len(content), False)
        return status, content

    async def _fetch_locked(self, name: str, needed_by: str | None) -> bytes:
        reason = f", which {needed_by} needs" if needed_by else ""
        shown = self._locked[name]["name"]
        try:
            status, content = await self._get_told(f"packages:file/{name}")
        except Exception as error:
            raise PackageError(f"Cannot load {shown}{reason}: {_reason(error)}") from error
        if status != 200:
            raise PackageError(f"Cannot load {shown}{reason}: status {status}")
        return content

    async def _carry_out(self, files: Iterable[PackageFile]) -> list[str]:
        """Unpacks files in their order, in place of what they replace; all of them or none.

        Returns what was removed, as `name-version`.
        """
        fresh: list[str] = []
        removals: list[Removal] = []
        source: Any = self._source
        archives = [Archive(file.content, file.file_name) for file in files]
        assert_room_of_packages(archives, source.room())
        try:
            for file, archive in zip(files, archives):
                if file.replaces is not None:
                    removals.append(Removal(file.name))
                fresh += archive.new_paths(source.directory_of(file.place))
                fresh += [it for it in script_paths(archive) if not os.path.lexists(it)]
                try:
                    await source.install(archive, file.place, file.origin)
                except PackageError:
                    raise
                except Exception as error:
                    raise PackageError(f"Cannot install {file.file_name}: {_reason(error)}") from error
                _note(file, archive, source.directory_of(file.place))
                write_scripts(archive, source.directory_of(file.place))
                archive.use_paths(source.directory_of(file.place))
        except BaseException:
            remove(fresh)
            for removal in reversed(removals):
                removal.undo()
            forget_directories()
            raise
        for removal in removals:
            removal.finish()
        forget_directories()
        for file in files:
            source.loaded(file.name, "default channel" if file.origin == "pyodide" else file.origin)
            if not file.file_name.endswith(".whl"):
                self._without_metadata.add(canonical(file.name))
            self._progress(file.name, len(file.content), True)
        return [str(removal) for removal in removals]

    def _progress(self, name: str, size: int | None, done: bool) -> None:
        self._events.send("package_progress", {"name": name, "bytes": size, "done": done})


def install_now(request: str) -> None:
    """Installs the requirements of a JSON text: `{"requirements": [...] or "...", "importing": false}`.

    The requirements are a list of names, or the text of a `requirements.txt`. With `importing`, their modules are
    imported as well. Raises PackageError.
    """
    packages, asked = running_kernel().packages, json.loads(request)
    wanted = asked["requirements"]
    with Requirements() as found:
        if isinstance(wanted, str):
            read_requirements(wanted, found)
        else:
            found.requirements += wanted
        packages.install(found.request())
        if asked["importing"]:
            packages.import_modules(found.requirements)


def _assert_hashes(files: Iterable[PackageFile], request: InstallRequest) -> None:
    for file in files:
        hashes = request.hashes.get(canonical(file.name))
        if hashes is not None and file.sha256 not in hashes:
            raise PackageError(f"Cannot install {file.file_name}: its hash is none that the requirements name")
        if hashes is None and request.requires_hashes:
            raise PackageError(
                f"Cannot install {file.file_name}: requirements with hashes need them for all packages; add "
                f"{file.name}=={file.version} --hash=sha256:{file.sha256}"
            )


def _note(file: PackageFile, archive: Archive, directory: str) -> None:
    notes = {"REQUESTED": ""} if file.requested else {}
    if file.is_direct and not archive.has("direct_url.json"):
        notes["direct_url.json"] = json.dumps({"url": file.origin, "archive_info": {}})
    if notes:
        archive.note(directory, notes)


def _is_loaded(archive: Archive) -> bool:
    return any(name in sys.modules for name in archive.modules())


def _reason(error: BaseException) -> str:
    text = str(error)
    return re.sub(r"^(?:KernelError|TypeError|Error): ", "", text) or type(error).__name__
