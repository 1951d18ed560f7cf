"""Plans by the lists of dependencies of a distribution alone, for kernels that have no resolver."""

from __future__ import annotations

import os
import re
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any

from .archives import Archive, PackageError, canonical, check_wheel_name
from .installed import installed
from .plans import InstallPlan, InstallRequest, PackageFile

_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
_PINNED = re.compile(r"(?P<name>[A-Za-z0-9._-]+)\s*(?:==\s*(?P<version>[A-Za-z0-9.!+]+))?")

Locked = Mapping[str, Mapping[str, Any]]
Fetch = Callable[[str, str | None], Awaitable[bytes]]
"""Gets the file of a package by its name; the second argument is the name of a package that needs it."""


def in_distribution(requirement: str, locked: Locked) -> str | None:
    """Returns the key of the distribution's package that is what a requirement asks for; None if there is none."""
    match = _PINNED.fullmatch(requirement.strip())
    if match is None:
        return None
    name, version = canonical(match["name"]), match["version"]
    for key in (name, f"{name}=={version}"):
        if key in locked and version in (None, locked[key]["version"]):
            return key
    return None


async def plan_by_lists(
    request: InstallRequest, locked: Locked, fetch: Fetch, there: Collection[str], has_index: bool
) -> InstallPlan:
    """Plans what a request names, or paths of wheels, with all that the lists say they need. Raises PackageError."""
    versions = {canonical(name): version for name, version in installed().items()}
    wanted: dict[str, Mapping[str, Any]] = {}
    local: list[PackageFile] = []
    requested: set[str] = set()

    def visit(name: str, needed_by: str | None) -> None:
        if name in wanted or name in there:
            return
        package = locked.get(name)
        if package is None:
            raise PackageError(f"Cannot load {needed_by}: it needs {name}, which the distribution does not have")
        wanted[name] = package
        for needed in package.get("depends", ()) if request.dependencies else ():
            visit(canonical(needed), name)

    for requirement in request.requirements:
        if requirement.endswith(".whl") and "://" not in requirement:
            file, needs = _read_wheel(requirement, versions)
            local.append(file)
            for name in needs if request.dependencies else ():
                if name not in there and name not in locked:
                    unavailable = _unavailable(name, locked, has_index)
                    raise PackageError(f"Cannot install {file.file_name}: it needs {name}. {unavailable}")
                visit(name, file.name)
            continue
        name = in_distribution(requirement, locked)
        if name is None:
            raise PackageError(_unavailable(requirement, locked, has_index))
        requested.add(name)
        visit(name, None)
    files = []
    for name, package in reversed(wanted.items()):
        needed_by = None if name in requested else " and ".join(sorted(requested))
        content = await fetch(name, needed_by or None)
        files.append(
            PackageFile(
                package["name"],
                package["version"],
                os.path.basename(package["file_name"]),
                content,
                package.get("install_dir", "site"),
                requested=name in requested,
            )
        )
    satisfied = tuple(f"{name}-{versions[name]}" for name in sorted(requested - set(wanted)) if name in versions)
    return InstallPlan((*files, *local), satisfied)


def _read_wheel(path: str, versions: Mapping[str, str]) -> tuple[PackageFile, list[str]]:
    path = path.removeprefix("emfs:").removeprefix("file:")
    try:
        with open(path, "rb") as file:
            content = file.read()
    except OSError as error:
        raise PackageError(f"Cannot read {path}: {error.strerror}") from None
    file_name = os.path.basename(path)
    archive = Archive(content, file_name)
    archive.check()
    check_wheel_name(file_name)
    name, version = file_name.split("-")[:2]
    replaces = versions.get(canonical(name))
    found = PackageFile(
        name, version, file_name, content, origin=f"file:{path}", requested=True, replaces=replaces, is_direct=True
    )
    return found, archive.requirements()


def _unavailable(requirement: str, locked: Locked, has_index: bool) -> str:
    match = _NAME.match(requirement)
    found = locked.get(canonical(match[0] if match else requirement))
    what = (
        "the distribution has no such package"
        if found is None
        else f"the distribution has {found['name']} {found['version']}"
    )
    if not has_index:
        return f"Cannot install {requirement}: {what}, and this server has no package index (PACKAGE_INDEX_URL)"
    return (
        f"Cannot install {requirement}: {what}, and to look elsewhere takes the wheels of packaging and resolvelib that "
        "this server is made for, which no source has: add them to PACKAGE_WHEELS_DIR"
    )
