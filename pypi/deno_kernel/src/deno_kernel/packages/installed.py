"""Finds the installed packages without importlib.metadata, whose imports take longer than those of most packages."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterable, Iterator
from importlib.machinery import FileFinder
from typing import NamedTuple

from .archives import canonical

_METADATA = (".dist-info", ".egg-info")


class InstalledPackage(NamedTuple):
    """An `InstalledPackage` is known by the directory of its metadata."""

    name: str
    version: str
    path: str

    def needs(self) -> set[str]:
        """Returns the names of the packages that it requires without extras, whatever the platform."""
        return {name for name, rest in self._requirements() if "extra ==" not in rest}

    def mentions(self, name: str) -> bool:
        """Returns true if it requires a package of that canonical name, be it for an extra."""
        return any(name == it for it, _ in self._requirements())

    def _requirements(self) -> Iterator[tuple[str, str]]:
        for name, rest in re.findall(r"^Requires-Dist:\s*([A-Za-z0-9._-]+)([^\n]*)$", _header(self.path), re.MULTILINE):
            yield canonical(name), rest


def metadata_directories(directories: Iterable[str] | None = None) -> Iterator[InstalledPackage]:
    """Yields the packages that are installed in directories, by default those of `sys.path`, in their order."""
    for directory in sys.path if directories is None else directories:
        try:
            entries = os.listdir(directory or ".")
        except OSError:
            continue  # The path does not exist, or is an archive.
        for entry in entries:
            if entry.endswith(_METADATA):
                path = os.path.join(os.path.abspath(directory), entry)
                found = _read(path)
                if found is not None:
                    yield InstalledPackage(*found, path)


def installed() -> dict[str, str]:
    """Returns the versions of the installed packages, by name."""
    found: dict[str, str] = {}
    for package in metadata_directories():
        found.setdefault(package.name, package.version)
    return found


def installed_names() -> set[str]:
    """Returns the names of the installed packages in their canonical form."""
    return {canonical(name) for name in installed()}


def remove(paths: list[str]) -> None:
    """Removes files and directories that a failed installation has unpacked."""
    for path in paths:
        if os.path.isdir(path):
            shutil.rmtree(path, ignore_errors=True)
        elif os.path.exists(path):
            os.remove(path)


def forget_directories() -> None:
    """Makes imports see new files in directories.

    importlib.invalidate_caches() would also read the archive of the standard library again, and import
    importlib.metadata only to clear its cache.
    """
    for path, finder in list(sys.path_importer_cache.items()):
        if finder is None:
            del sys.path_importer_cache[path]
        elif isinstance(finder, FileFinder):
            finder.invalidate_caches()
    metadata = sys.modules.get("importlib.metadata")
    if metadata is not None:
        metadata.MetadataPathFinder().invalidate_caches()
    # The finders of this kernel are objects; those of Python, which read the archive again, are classes.
    for finder in list(sys.meta_path):
        if not isinstance(finder, type) and hasattr(finder, "invalidate_caches"):
            finder.invalidate_caches()


def _read(path: str) -> tuple[str, str] | None:
    """Returns the name and version in the metadata of a directory; None if it has none."""
    header = _header(path)
    name = re.search(r"^Name:\s*(\S+)", header, re.MULTILINE)
    version = re.search(r"^Version:\s*(\S+)", header, re.MULTILINE)
    return (name[1], version[1]) if name and version else None


def _header(directory: str) -> str:
    """Returns the fields of a directory's metadata; nothing for a package that is half removed."""
    file_name = "PKG-INFO" if directory.endswith(".egg-info") else "METADATA"
    try:
        with open(os.path.join(directory, file_name), encoding="utf-8", errors="replace") as file:
            return file.read().partition("\n\n")[0]
    except OSError:
        return ""
