"""The page of a project in an index, as releases (PEP 691)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from ._vendor.packaging.tags import InvalidTag
from ._vendor.packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    canonicalize_name,
    parse_sdist_filename,
    parse_wheel_filename,
)
from ._vendor.packaging.version import InvalidVersion, Version
from .candidates import Origin, Release
from .environment import Environment


@dataclass
class Page:
    """The releases of a project that run here, the best first, and the reasons why others do not."""

    releases: list[Release] = field(default_factory=list)
    elsewhere: dict[Version, set[str]] = field(default_factory=dict)
    """The platforms of wheels that do not run here, by version."""
    pythons: dict[Version, str] = field(default_factory=dict)
    """The `Requires-Python` of wheels that need another version of Python."""
    sources: list[Release] = field(default_factory=list)
    """The archives of sources for this Python, the newest first, whether their release has a wheel or not."""
    has_sources: bool = False
    """True when the project has archives of sources."""


def read_page(name: str, page: Mapping[str, Any], environment: Environment) -> Page:
    """Reads the page of a project."""
    found = Page()
    ranked: list[tuple[Version, int, tuple[Any, ...], Release]] = []
    sources: dict[Version, Mapping[str, Any]] = {}
    for file in page["files"]:
        file_name = file["filename"]
        if not file_name.endswith(".whl"):
            if (version := _version_of_sources(name, file_name)) is not None:
                found.has_sources = True
                sources.setdefault(version, file)
            continue
        try:
            project, version, build, tags = _parse_wheel_name(file_name)
        except (InvalidWheelFilename, InvalidVersion):
            continue
        if project != name:
            continue
        try:
            rank, platforms = environment.kind_of(tags)
        except InvalidTag:
            continue
        python = file.get("requires-python")
        if rank is None:
            found.elsewhere.setdefault(version, set()).update(platforms)
        elif not environment.runs_on(python):
            found.pythons[version] = python
        else:
            ranked.append((version, -rank, build, _release(name, version, file)))
    # A project with wheels of other platforms has to be compiled, and so have its releases without any wheel.
    is_compiled = any(platforms != {"any"} for platforms in found.elsewhere.values())
    built = {it[0] for it in ranked} | found.elsewhere.keys() | found.pythons.keys()
    for version, file in sources.items():
        python = file.get("requires-python")
        is_for_this_python = environment.runs_on(python)
        release = _release(name, version, file)
        if is_for_this_python:
            found.sources.append(release)
        if is_compiled or version in built:
            continue
        if not is_for_this_python:
            found.pythons[version] = python
        else:
            ranked.append((version, 0, (), release))
    found.sources.sort(key=lambda it: it.version, reverse=True)
    ranked.sort(key=lambda it: it[:3], reverse=True)
    found.releases = [release for *_, release in ranked]
    return found


_version = lru_cache(maxsize=10_000)(Version)
"""Parses a version; a page has each of them in the names of many files."""


def _parse_wheel_name(file_name: str) -> tuple[str, Version, tuple[Any, ...], str]:
    """Returns the project, version, build and tags of a wheel; raises InvalidWheelFilename and InvalidVersion."""
    parts = file_name.removesuffix(".whl").split("-")
    if len(parts) == 5 and parts[0].isidentifier() and "__" not in parts[0]:
        return canonicalize_name(parts[0]), _version(parts[1]), (), "-".join(parts[2:])
    project, version, build, _ = parse_wheel_filename(file_name)
    return project, version, build, "-".join(parts[-3:])


def _version_of_sources(name: str, file_name: str) -> Version | None:
    """Returns the version of a project whose sources an archive has; None for other files."""
    try:
        project, version = parse_sdist_filename(file_name)
    except (InvalidSdistFilename, InvalidVersion):
        return None
    return version if project == name else None


def _release(name: str, version: Version, file: Mapping[str, Any]) -> Release:
    url = file["url"]
    described = file.get("core-metadata") or file.get("dist-info-metadata") or file.get("data-dist-info-metadata")
    path, query, rest = url.partition("?")
    return Release(
        name,
        version,
        Origin.INDEX,
        file["filename"],
        url,
        file.get("hashes", {}).get("sha256"),
        f"{path}.metadata{query}{rest}" if described else None,
        described.get("sha256") if isinstance(described, dict) else None,
        yanked=file.get("yanked", False) is not False,
        size=file.get("size"),
    )
