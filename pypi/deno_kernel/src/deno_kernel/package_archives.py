"""The archives that packages come in: what is looked at before they are unpacked, and how they are."""

from __future__ import annotations

import importlib
import io
import os
import re
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class PackageError(Exception):
    """A package cannot be installed; the kernel is as it was."""


def canonical(name: str) -> str:
    """A package's name as it is compared."""
    return re.sub(r"[-_.]+", "-", name).lower()


def check_members(content: bytes, file_name: str) -> None:
    """Raises PackageError for a file that would write beside the packages; its content was checked before."""
    if file_name.endswith((".whl", ".zip")):
        with _opened(io.BytesIO(content), file_name) as archive:
            _assert_inside(archive, file_name)


def check_archive(content: bytes, file_name: str) -> None:
    """Raises PackageError for a file that is damaged or would write beside the packages."""
    check_members(content, file_name)
    if file_name.endswith((".whl", ".zip")):
        with _opened(io.BytesIO(content), file_name) as archive:
            damaged = archive.testzip()
        if damaged is not None:
            raise PackageError(f"{file_name} is damaged: {damaged}")


def check_wheel_name(file_name: str) -> None:
    """Raises PackageError for a wheel that was built for something else."""
    parts = file_name.removesuffix(".whl").split("-")
    if len(parts) not in (5, 6):
        raise PackageError(f"{file_name} is not the name of a wheel: name-version-python-abi-platform.whl")
    python, abi, platform = parts[-3:]
    pure = "any" in platform.split(".") and abi == "none" and any(tag.startswith("py3") for tag in python.split("."))
    if not pure and not platform.startswith("pyemscripten_"):
        raise PackageError(
            f"{file_name} does not run here: use a wheel of pure Python (py3-none-any), or one for this Pyodide"
        )


def requirements_of(content: bytes) -> list[str]:
    """The names of what a wheel needs in any case."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        name = next((it for it in archive.namelist() if it.endswith(".dist-info/METADATA")), None)
        if name is None:
            raise PackageError("The wheel is damaged: it has no METADATA")
        header = archive.read(name).decode("utf-8", "replace").partition("\n\n")[0]
    found = re.findall(r"^Requires-Dist:\s*([A-Za-z0-9._-]+)([^\n]*)$", header, re.MULTILINE)
    return [canonical(name) for name, rest in found if ";" not in rest]


def new_paths(content: bytes, file_name: str, directory: str) -> list[str]:
    """What unpacking a file makes in a directory that is not there yet."""
    if not file_name.endswith((".whl", ".zip")):
        return []
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        tops = {name.partition("/")[0] for name in archive.namelist()}
    return [path for path in (os.path.join(directory, top) for top in tops) if not os.path.lexists(path)]


def remove(paths: list[str]) -> None:
    """Takes away what was unpacked before that failed."""
    for path in paths:
        if os.path.isdir(path):
            shutil.rmtree(path, ignore_errors=True)
        elif os.path.exists(path):
            os.remove(path)
    importlib.invalidate_caches()


def unpack_wheel(path: str, directory: str) -> None:
    """Unpacks a wheel, with one read and one write for each file; shutil copies in small pieces."""
    made = set()
    file_name = os.path.basename(path)
    with _opened(path, file_name) as archive:
        _assert_inside(archive, file_name)
        for member in archive.infolist():
            if member.is_dir():
                continue
            target = os.path.join(directory, member.filename)
            parent = os.path.dirname(target)
            if parent not in made:
                os.makedirs(parent, exist_ok=True)
                made.add(parent)
            try:
                content = archive.read(member)
            except (zipfile.BadZipFile, zlib.error, EOFError):
                raise PackageError(f"{file_name} is damaged: {member.filename}") from None
            with open(target, "wb", buffering=0) as file:
                file.write(content)


@contextmanager
def _opened(file: Any, file_name: str) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(file) as archive:
            yield archive
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError) as error:
        raise PackageError(f"{file_name} is damaged: {error}") from None


def _assert_inside(archive: zipfile.ZipFile, file_name: str) -> None:
    for name in archive.namelist():
        if name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) or ":" in name.partition("/")[0]:
            raise PackageError(f"{file_name} is refused: it would write to {name!r}")
