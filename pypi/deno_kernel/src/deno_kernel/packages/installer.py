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
from typing import Any

from ..current import running_kernel
from ..host.events import EventSender
from ..waiting.waits import Waits
from .archives import Archive, PackageError, assert_room_of_packages, canonical
from .fetching import Fetching
from .folders import wheels_in
from .installed import forget_directories, installed_names, remove
from .kept_plans import kept_plan
from .listing import NEEDS_RESOLVER, Listing
from .locked import in_distribution, plan_by_lists
from .missing_modules import MissingModules
from .package_source import PackageSource, reason_of
from .plans import Installation, InstallPlan, InstallRequest, PackageFile
from .questions import PackageQuestions
from .removal import Removals
from .requirements_file import Requirements, read_requirements
from .scripts import script_paths, write_scripts
from .targets import unpack_into

_PIP = re.compile(r"\s*pip\s*(?:[\[<>=!~;].*)?", re.IGNORECASE | re.DOTALL)
_OWN_PIP = "pip is a part of the kernel and stays as it is"
"""The real pip could install nothing here, and would take the place of the modules that can."""


class Packages:
    """A `Packages` installs the packages of a kernel; without a source it refuses."""

    def __init__(self, waits: Waits, events: EventSender, source: PackageSource | None) -> None:
        self._waits = waits
        self._source = source
        self._listing = Listing(source)
        self._fetching = Fetching(source, self._listing, events)
        # A plan is right for what is installed when it is made, so that installations take turns.
        self._turn = asyncio.Lock()
        # Packages such as shared libraries have no metadata by which `installed` would find them.
        self._without_metadata: set[str] = set()
        self.missing_modules = MissingModules(waits, self._listing, self._install_in_turn)
        self.questions = PackageQuestions(waits, source, self._listing, self._turn)

    def forget(self) -> None:
        """Forgets what the sources have, so that the next installation asks again."""
        self._listing.forget()
        self.missing_modules.forget_failures()

    def install(self, request: InstallRequest) -> Installation:
        """Installs requirements and what they need; all of it or nothing. Raises PackageError."""
        return self._waits.wait(self.install_async(request))

    async def install_async(self, request: InstallRequest) -> Installation:
        """Does the same as `install` without blocking."""
        async with self._turn:
            await self._listing.learn(again=True)
            return await self._install(request)

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

    def uninstall(self, names: Iterable[str]) -> list[str]:
        """Removes packages; returns them as `name-version`. Raises PackageError for one that is not installed."""
        with Removals() as removals:
            for name in names:
                removals.add(name)
        for removal in removals:
            if self._source is not None:
                self._source.loaded(removal.name, None)
        forget_directories()
        return [str(removal) for removal in removals]

    def import_modules(self, requirements: Iterable[str]) -> None:
        """Imports the modules of packages of the distribution; a module that raises is skipped."""
        for requirement in requirements:
            name = in_distribution(requirement, self._listing.locked)
            for module in self._listing.locked[name]["imports"] if name else ():
                try:
                    importlib.import_module(module)
                except Exception:
                    continue

    async def _install_in_turn(self, request: InstallRequest) -> Installation:
        async with self._turn:
            return await self._install(request)

    async def _install(self, request: InstallRequest) -> Installation:
        plan = await self._plan(request)
        _assert_hashes(plan.files, request)
        loaded = [it for it in plan.files if it.replaces and _is_loaded(Archive(it.content, it.file_name))]
        replaced = await self._carry_out(plan.files)
        self.missing_modules.forget_failures()
        self._listing.forget_metadata()
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

    async def _plan(self, request: InstallRequest) -> InstallPlan:
        others = tuple(it for it in request.requirements if not _PIP.fullmatch(it))
        if len(others) == len(request.requirements) or request.ignore_installed:
            return await self._plan_packages(request)
        plan = await self._plan_packages(replace(request, requirements=others)) if others else InstallPlan(())
        return replace(plan, notes=(*plan.notes, _OWN_PIP))

    async def _plan_packages(self, request: InstallRequest) -> InstallPlan:
        listing = self._listing
        await listing.learn()
        assert listing.resolving is not None
        found = wheels_in(request.folders)
        without_metadata = set() if request.ignore_installed else self._without_metadata
        kept = await kept_plan(self._fetching.get, request, listing.locked, without_metadata)
        if kept is not None:
            return kept
        if await listing.resolving.is_available():
            plan = await listing.resolving.plan(request, listing.listed, found, self._fetching.get)
            files = tuple(it for it in plan.files if canonical(it.name) not in without_metadata)
            return InstallPlan(files, plan.satisfied, plan.notes)
        if request.constraints or request.upgrade or request.prereleases or request.folders or request.no_index:
            raise PackageError(NEEDS_RESOLVER)
        is_fresh = request.reinstall or request.ignore_installed
        there = without_metadata | (set() if is_fresh else installed_names())
        return await plan_by_lists(request, listing.locked, self._fetching.get_locked, there, listing.index_url is not None)

    async def _carry_out(self, files: Iterable[PackageFile]) -> list[str]:
        """Unpacks files in their order, in place of what they replace; all of them or none.

        Returns what was removed, as `name-version`.
        """
        fresh: list[str] = []
        source: Any = self._source
        archives = [Archive(file.content, file.file_name) for file in files]
        assert_room_of_packages(archives, source.room())
        try:
            with Removals() as removals:
                try:
                    for file, archive in zip(files, archives):
                        if file.replaces is not None:
                            removals.add(file.name)
                        await _unpack(source, file, archive, fresh)
                except BaseException:
                    remove(fresh)
                    raise
        finally:
            forget_directories()
        for file in files:
            source.loaded(file.name, "default channel" if file.origin == "pyodide" else file.origin)
            if not file.file_name.endswith(".whl"):
                self._without_metadata.add(canonical(file.name))
            self._fetching.tell_progress(file.name, len(file.content), True)
        return [str(removal) for removal in removals]


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


async def _unpack(source: PackageSource, file: PackageFile, archive: Archive, fresh: list[str]) -> None:
    """Unpacks a file into its place, and adds the paths that are new there to `fresh`. Raises PackageError."""
    directory = source.directory_of(file.place)
    fresh += archive.new_paths(directory)
    fresh += [path for path in script_paths(archive) if not os.path.lexists(path)]
    try:
        await source.install(archive, file.place, file.origin)
    except PackageError:
        raise
    except Exception as error:
        raise PackageError(f"Cannot install {file.file_name}: {reason_of(error)}") from error
    _note(file, archive, directory)
    write_scripts(archive, directory)
    archive.use_paths(directory)


def _note(file: PackageFile, archive: Archive, directory: str) -> None:
    notes = {"REQUESTED": ""} if file.requested else {}
    if file.is_direct and not archive.has("direct_url.json"):
        notes["direct_url.json"] = json.dumps({"url": file.origin, "archive_info": {}})
    if notes:
        archive.note(directory, notes)


def _is_loaded(archive: Archive) -> bool:
    return any(name in sys.modules for name in archive.modules())
