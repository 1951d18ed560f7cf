"""Plans by one resolution over all sources, with the package `deno_resolver` that the host gives."""

from __future__ import annotations

import os
import site
import sys
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from .archives import Archive, PackageError
from .building import built_name, wheel_of_sources
from .installed import forget_directories
from .package_source import Get
from .plans import InstallPlan, InstallRequest, PackageFile
from .project import SourcesError

RESOLVER = "packages:resolver"

_NO_SOURCES: Mapping[str, Any] = {"lock": {"packages": {}}, "indexUrl": None}

BUILT_IN = {"ipython": "8.37.0", "comm": "0.2.3", "ipykernel": "6.29.5", "matplotlib-inline": "0.1.7", "pip": "26.0"}
"""The packages that modules of the kernel stand in for, in the versions that they behave like."""


class Resolving:
    """A `Resolving` has the resolver, which it gets from the host at the first resolution."""

    def __init__(self, get: Get, download: Get, add_bytecode: Callable[[bytes, str], Awaitable[None]]) -> None:
        self._get = get
        self._download = download
        self._add_bytecode = add_bytecode
        self._module: Any = None
        self._is_missing = False

    async def is_available(self) -> bool:
        """Returns false if the host has no resolver. The first call gets it."""
        if self._module is None and not self._is_missing:
            self._module = await self._load()
            self._is_missing = self._module is None
        return self._module is not None

    async def plan(
        self, request: InstallRequest, packages: Mapping[str, Any], found: Mapping[str, Any], get: Get
    ) -> InstallPlan:
        """Plans a request; `packages` is the list of the host, and `found` is what folders have.

        Raises PackageError if nothing satisfies the request.
        """
        resolver = self._module
        sources = _NO_SOURCES if request.no_index else packages
        installed = {} if request.ignore_installed else None
        source = resolver.HostSource(
            get, sources, BUILT_IN, found=found, download=self._download, installed=installed, build=self._build
        )
        question = resolver.Question(
            request.requirements,
            request.constraints,
            upgrade=request.upgrade,
            reinstall=request.reinstall,
            prereleases=request.prereleases,
            dependencies=request.dependencies,
            formats=resolver.Formats(**vars(request.formats)),
            hashes=request.hashes,
        )
        try:
            plan = await resolver.Resolution(question, source, resolver.Environment.current()).obtain()
        except resolver.ResolutionFailed as error:
            none = "" if request.no_index or packages["indexUrl"] else "\nThis server has no package index (PACKAGE_INDEX_URL)"
            raise PackageError(f"{error}{none}") from None
        locked = packages["lock"]["packages"]
        files = tuple(_to_file(step, locked) for step in plan.steps)
        return InstallPlan(files, tuple(f"{it.name}-{it.version}" for it in plan.satisfied), plan.notes)

    async def plan_for_others(self, question: Mapping[str, Any], packages: Mapping[str, Any]) -> dict[str, Any] | None:
        """Plans a question for kernels in which nothing is installed; see `kept_plans` for both forms.

        Returns None if there is no plan, or a source lists no hash for one of the files.
        """
        resolver = self._module
        source = resolver.HostSource(self._get, packages, BUILT_IN, build=self._build)
        asked = {name: tuple(value) if isinstance(value, list) else value for name, value in question.items()}
        resolution = resolver.Resolution(resolver.Question(**asked), source, resolver.Environment.current())
        try:
            plan = await resolution.run()
        except resolver.ResolutionFailed:
            return None
        told = plan.to_json()
        if not all(step["sha256"] for step in told["install"]):
            return None
        keys = ("name", "version", "origin", "file", "address", "sha256", "size", "requested")
        return {
            "install": [{key: step[key] for key in keys} for step in told["install"]],
            "notes": told["notes"],
            "complete": not resolution.problems,
        }

    async def look_up(self, name: str, packages: Mapping[str, Any]) -> str | None:
        """Returns the reason why no version of a package can be installed; None if there is one."""
        resolver = self._module
        source = resolver.HostSource(self._get, packages, BUILT_IN, installed={}, build=self._build)
        question = resolver.Question((name,))
        try:
            await resolver.Resolution(question, source, resolver.Environment.current()).run()
        except resolver.ResolutionFailed as error:
            reason = str(error).removeprefix(f"Cannot install {name}: ")
            return reason if packages["indexUrl"] else f"{reason}, and this server has no package index (PACKAGE_INDEX_URL)"
        return None

    def check(self) -> list[str]:
        """Returns what installed packages need and do not have, as sentences."""
        from deno_resolver.candidates import Needed, parse_metadata  # type: ignore[import-not-found]

        environment = self._module.Environment.current()
        there = self._module.installed_packages()
        found = []
        for name, package in sorted(there.items()):
            for requirement in parse_metadata(package.metadata).requirements:
                needed = Needed(requirement).name
                if not environment.applies(requirement.marker, frozenset()) or needed in BUILT_IN and needed not in there:
                    continue
                if needed not in there:
                    found.append(f"{name} {package.version} requires {needed}, which is not installed.")
                elif not requirement.specifier.contains(there[needed].version, prereleases=True):
                    version = there[needed].version
                    found.append(f"{name} {package.version} has requirement {requirement}, but you have {needed} {version}.")
        return found

    def versions(self, name: str, page: Mapping[str, Any] | None, others: Iterable[str]) -> list[str]:
        """Returns the versions that a page of the index lists and that run here, and others, the newest first.

        Pre-releases count only if there is nothing else, as for pip.
        """
        from deno_resolver.catalog import parse_version  # type: ignore[import-not-found]
        from deno_resolver.index_page import read_page  # type: ignore[import-not-found]

        environment = self._module.Environment.current()
        releases = [] if page is None else read_page(name, page, environment).releases
        found = {it.version for it in releases if not it.yanked} | {parse_version(text) for text in others}
        known = sorted(found - {None}, reverse=True)
        return [str(it) for it in [it for it in known if not it.is_prerelease] or known]

    def _build(self, content: bytes, file_name: str) -> bytes:
        try:
            return wheel_of_sources(content, file_name)
        except PackageError as error:
            reason = error.reason if isinstance(error, SourcesError) else str(error)
            raise self._module.SourcesUnusable(reason) from None

    async def _load(self) -> Any:
        try:
            status, content = await self._get(RESOLVER)
        except Exception:
            return None  # The lists of the distribution do without.
        if status != 200:
            return None
        directory = site.getsitepackages()[0]
        Archive(content, "deno_resolver.zip").unpack(directory)
        await self._add_bytecode(content, directory)
        if directory not in sys.path:
            sys.path.append(directory)
        forget_directories()
        import deno_resolver  # type: ignore[import-not-found]

        return deno_resolver


def _to_file(step: Any, locked: Mapping[str, Any]) -> PackageFile:
    release = step.release
    origin = release.origin.value
    entry = locked[release.address] if origin == "distribution" else {}
    version = str(release.version)
    return PackageFile(
        entry.get("name", release.name),
        version,
        built_name(release.name, version) if release.is_source else release.file_name,
        step.content,
        entry.get("install_dir", "site"),
        "pyodide" if origin == "distribution" else os.fspath(release.address),
        step.requested,
        step.replaces,
        origin == "address",
        step.source_sha256,
    )
