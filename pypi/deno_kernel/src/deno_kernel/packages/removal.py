"""Removes installed packages by their RECORD, and puts them back if what replaces them cannot be installed."""

from __future__ import annotations

import csv
import importlib.util
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Self

from .archives import PackageError, belongs_to_packages, canonical
from .installed import metadata_directories


class Removal:
    """A `Removal` has moved the files of a package away; `undo` puts them back, and `finish` deletes them."""

    def __init__(self, name: str, directories: Iterable[str] | None = None) -> None:
        """Raises PackageError if the package is not in the directories, by default those of `sys.path`, by a RECORD."""
        there = metadata_directories(directories)
        found = next((it for it in there if canonical(it.name) == canonical(name)), None)
        if found is None:
            raise PackageError(f"Cannot uninstall {name}: it is not installed")
        self.name = found.name
        self.version = found.version
        self._kept = ""
        self._paths: list[str] = []
        self._moved: list[tuple[str, str]] = []
        root = os.path.dirname(found.path)
        files = _recorded(found.path, root)
        self._paths = [it for file in files if file.endswith(".pth") for it in _lines(file) if it in sys.path]
        self._kept = tempfile.mkdtemp(prefix="removed-")
        try:
            for path in [*files, found.path]:
                if os.path.lexists(path):
                    kept = os.path.join(self._kept, str(len(self._moved)))
                    shutil.move(path, kept)
                    self._moved.append((path, kept))
        except OSError as error:
            self.undo()
            raise PackageError(f"Cannot uninstall {name}: {error.strerror}") from error
        for path in self._paths:
            sys.path.remove(path)
        for path, _ in self._moved:
            _prune(os.path.dirname(path), root)

    def __str__(self) -> str:
        return f"{self.name}-{self.version}"

    def undo(self) -> None:
        """Puts the files back."""
        sys.path += [path for path in self._paths if path not in sys.path]
        for path, kept in reversed(self._moved):
            os.makedirs(os.path.dirname(path), exist_ok=True)
            if os.path.isdir(path):
                shutil.rmtree(path)
            shutil.move(kept, path)
        self.finish()

    def finish(self) -> None:
        """Deletes the files."""
        shutil.rmtree(self._kept, ignore_errors=True)


class Removals:
    """`Removals` are a context in which packages are removed: all of them, or none if it is left with an exception."""

    def __init__(self) -> None:
        self._done: list[Removal] = []

    def __enter__(self) -> Self:
        return self

    def __iter__(self) -> Iterator[Removal]:
        return iter(self._done)

    def add(self, name: str, directories: Iterable[str] | None = None) -> None:
        """Removes a package. Raises PackageError as `Removal` does."""
        self._done.append(Removal(name, directories))

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        if error is None:
            for removal in self._done:
                removal.finish()
        else:
            for removal in reversed(self._done):
                removal.undo()


def _recorded(info: str, root: str) -> list[str]:
    """Returns the paths of a package's files outside of the directory of its metadata."""
    try:
        with open(os.path.join(info, "RECORD"), encoding="utf-8", newline="") as file:
            names = [row[0] for row in csv.reader(file) if row]
    except OSError:
        raise PackageError(f"Cannot uninstall {os.path.basename(info)}: it has no RECORD of its files") from None
    found: dict[str, None] = {}
    for name in names:
        path = os.path.normpath(os.path.join(root, name))
        if path.startswith(info + os.sep):
            continue
        if not path.startswith(root + os.sep) and not belongs_to_packages(path):
            continue  # The list is the package's own, and may name files of the user.
        found[path] = None
        if path.endswith(".py"):
            found[importlib.util.cache_from_source(path)] = None
    return list(found)


def _lines(path: str) -> list[str]:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return list(dict.fromkeys(file.read().splitlines()))
    except OSError:
        return []


def _prune(directory: str, root: str) -> None:
    """Removes directories that are empty now, up to the directory of packages."""
    while directory.startswith(root + os.sep):
        try:
            os.rmdir(directory)
        except OSError:
            return
        directory = os.path.dirname(directory)
