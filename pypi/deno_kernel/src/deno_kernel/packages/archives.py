"""Checks and unpacks the archives of packages."""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
import site
import sys
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_FILE_BYTES = 600
"""About the size of a file besides its content."""
_PACKAGE_DIRECTORIES = frozenset(("bin", "etc", "include", "lib", "man", "share"))


class PackageError(Exception):
    """A `PackageError` says that a package cannot be installed; nothing was changed."""


def canonical(name: str) -> str:
    """Returns the name of a package in the form in which names are compared."""
    return re.sub(r"[-_.]+", "-", name).lower()


class Archive:
    """An `Archive` is the file of a package in memory; PackageError is raised for one that is damaged or unsafe."""

    def __init__(self, content: bytes, file_name: str) -> None:
        self.content = content
        self.file_name = file_name
        self._zip: zipfile.ZipFile | None = None
        if file_name.endswith((".whl", ".zip")):
            with _told(file_name):
                self._zip = zipfile.ZipFile(io.BytesIO(content))
            _assert_inside(self._zip, file_name)

    @property
    def is_zip(self) -> bool:
        """True for a wheel, and for another archive of that form."""
        return self._zip is not None

    @property
    def room(self) -> int:
        """The bytes that its files take when they are unpacked."""
        files = [] if self._zip is None else self._zip.infolist()
        return sum(it.file_size + _FILE_BYTES for it in files)

    @property
    def packed_room(self) -> int:
        """The bytes that its files take when they stay packed."""
        return len(self.content) + _FILE_BYTES * len(self._names())

    @property
    def largest(self) -> int:
        """The size of its largest file."""
        return max((it.file_size for it in self._zip.infolist()), default=0) if self._zip else 0

    def check(self) -> None:
        """Raises PackageError if a file of the archive is damaged."""
        if self._zip is not None:
            with _told(self.file_name):
                damaged = self._zip.testzip()
            if damaged is not None:
                raise PackageError(f"{self.file_name} is damaged: {damaged}")

    def requirements(self) -> list[str]:
        """Returns the names of the packages that a wheel requires unconditionally."""
        header = self._metadata().partition("\n\n")[0]
        found = re.findall(r"^Requires-Dist:\s*([A-Za-z0-9._-]+)([^\n]*)$", header, re.MULTILINE)
        return [canonical(name) for name, rest in found if ";" not in rest]

    def modules(self) -> set[str]:
        """Returns the names of the top-level modules that it brings."""
        tops = {name.partition("/")[0].partition(".")[0] for name in self._names() if name.endswith((".py", ".so"))}
        return {name for name in tops if name.isidentifier()}

    def new_paths(self, directory: str, prefix: str | None = None) -> list[str]:
        """Returns the paths that `unpack` would create: directories as a whole, or files."""
        found: dict[str, None] = {}
        for name in self._names():
            path = top = os.path.normpath(installed_path(name, directory, prefix))
            while not os.path.lexists(parent := os.path.dirname(top)):
                top = parent
            if not os.path.lexists(path):
                found[top] = None
        return list(found)

    def unpack(self, directory: str, prefix: str | None = None) -> None:
        """Unpacks the archive into a directory; scripts and data go below `prefix`, by default that of Python."""
        assert self._zip is not None
        _unpack(self._zip, self.file_name, directory, prefix)

    def members(self, directory: str) -> list[dict[str, Any]]:
        """Returns the files that may stay packed until they are read, as `WheelMember`s of JavaScript.

        The other files have to be unpacked with `unpack_others`. Raises PackageError for paths of the user's files.
        """
        assert self._zip is not None
        _assert_free(self._zip, self.file_name, directory)
        return [
            {
                "path": installed_path(it.filename, directory),
                "name": it.filename,
                "offset": it.header_offset,
                "packedSize": it.compress_size,
                "size": it.file_size,
                "deflated": it.compress_type == zipfile.ZIP_DEFLATED,
                "checksum": it.CRC,
            }
            for it in self._zip.infolist()
            if not it.is_dir() and _may_stay_packed(it)
        ]

    def unpack_others(self, directory: str) -> None:
        """Unpacks the files that `members` leaves out."""
        assert self._zip is not None
        others = [it for it in self._zip.infolist() if not _may_stay_packed(it)]
        _write(self._zip, others, self.file_name, directory, None)

    def has(self, name: str) -> bool:
        """Returns true if the metadata of a wheel has a file of this name."""
        return any(it.endswith(f".dist-info/{name}") for it in self._names())

    def text_of(self, name: str) -> str:
        """Returns the text of a file of the metadata of a wheel; empty if there is none."""
        found = next((it for it in self._names() if it.endswith(f".dist-info/{name}")), None)
        return "" if found is None or self._zip is None else self._zip.read(found).decode("utf-8", "replace")

    def path_of(self, name: str, directory: str) -> str | None:
        """Returns the path of a file of the metadata of a wheel that is unpacked in a directory; None if there is none."""
        found = next((it for it in self._names() if it.endswith(f".dist-info/{name}")), None)
        return None if found is None else os.path.join(directory, found)

    def use_paths(self, directory: str) -> None:
        """Adds what unpacked `.pth` files name to `sys.path`, as Python does at its start."""
        for name in self._names():
            if name.endswith(".pth") and "/" not in name:
                site.addpackage(directory, name, None)

    def note(self, directory: str, notes: dict[str, str]) -> None:
        """Writes files beside the metadata of an unpacked wheel, such as INSTALLER."""
        info = next((top for name in self._names() if (top := name.partition("/")[0]).endswith(".dist-info")), None)
        if info is not None:
            for name, text in notes.items():
                with open(os.path.join(directory, info, name), "w") as file:
                    file.write(text)

    def _names(self) -> list[str]:
        return [] if self._zip is None else self._zip.namelist()

    def _metadata(self) -> str:
        assert self._zip is not None
        name = next((it for it in self._names() if it.endswith(".dist-info/METADATA")), None)
        if name is None:
            raise PackageError("The wheel is damaged: it has no METADATA")
        return self._zip.read(name).decode("utf-8", "replace")


def belongs_to_packages(path: str) -> bool:
    """Returns true for a path in a directory of the installation, which has nothing but packages and parts of Python."""
    below = os.path.relpath(path, sys.prefix)
    return below.partition(os.sep)[0] in _PACKAGE_DIRECTORIES


def installed_path(name: str, directory: str, prefix: str | None = None) -> str:
    """Returns the path of a wheel's member in a directory of packages; those of `.data` go below `prefix`."""
    top, _, below = name.partition("/")
    if not top.endswith(".data"):
        return os.path.join(directory, name)
    scheme, _, rest = below.partition("/")
    root = prefix or sys.prefix
    places = {"purelib": directory, "platlib": directory, "data": root}
    other = os.path.join(root, {"scripts": "bin", "headers": "include"}.get(scheme, scheme))
    return os.path.join(places.get(scheme, other), rest)


def assert_room(archives: list[Archive], directory: str) -> None:
    """Raises PackageError if the files of archives need more room than there is in a directory of the user."""
    needed = sum(archive.room for archive in archives)
    free = shutil.disk_usage(directory).free
    if needed > free:
        raise _no_room(archives, f"this takes {_size(needed)} of files, and {_size(free)} are left of what this kernel may have")


def assert_room_of_packages(archives: list[Archive], free: int) -> None:
    """Raises PackageError if archives need more room than the kernel has left for packages.

    They stay packed, and one file at a time is unpacked when it is read.
    """
    needed = sum(archive.packed_room for archive in archives) + max((it.largest for it in archives), default=0)
    if needed > free:
        raise _no_room(archives, f"this takes {_size(needed)}, and {_size(free)} are left of what packages may take here")


def _no_room(archives: list[Archive], reason: str) -> PackageError:
    names = " ".join("-".join(archive.file_name.split("-")[:2]) for archive in archives)
    return PackageError(f"Cannot install {names}: {reason} (the limit filesMiB)")


def _size(size: int) -> str:
    return f"{size / 2**20:.0f} MiB" if size >= 10 * 2**20 else f"{size / 2**10:.0f} KiB"


def unpack_wheel(path: str, directory: str) -> None:
    """Unpacks a wheel for shutil: refuses unsafe paths, and reads and writes each file at once."""
    file_name = os.path.basename(path)
    with _told(file_name), zipfile.ZipFile(path) as archive:
        _assert_inside(archive, file_name)
        _unpack(archive, file_name, directory)


def check_wheel_name(file_name: str) -> None:
    """Raises PackageError if a wheel, by its name, was built for another platform."""
    parts = file_name.removesuffix(".whl").split("-")
    if len(parts) not in (5, 6):
        raise PackageError(f"{file_name} is not the name of a wheel: name-version-python-abi-platform.whl")
    python, abi, platform = parts[-3:]
    pure = "any" in platform.split(".") and abi == "none" and any(tag.startswith("py3") for tag in python.split("."))
    if not pure and not platform.startswith("pyemscripten_"):
        raise PackageError(
            f"{file_name} does not run here: use a wheel of pure Python (py3-none-any), or one for this Pyodide"
        )


def _unpack(archive: zipfile.ZipFile, file_name: str, directory: str, prefix: str | None = None) -> None:
    if prefix is None:
        _assert_free(archive, file_name, directory)
    _write(archive, archive.infolist(), file_name, directory, prefix)


def _may_stay_packed(member: zipfile.ZipInfo) -> bool:
    is_encrypted = bool(member.flag_bits & 1)
    # The paths in a RECORD change, and lines are added to it.
    is_record = "/RECORD" in member.filename
    return member.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) and not is_encrypted and not is_record


def _write(
    archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], file_name: str, directory: str, prefix: str | None
) -> None:
    made = set()
    for member in members:
        if member.is_dir():
            continue
        target = installed_path(member.filename, directory, prefix)
        parent = os.path.dirname(target)
        if parent not in made:
            os.makedirs(parent, exist_ok=True)
            made.add(parent)
        with _told(file_name, member.filename):
            content = archive.read(member)
        if "/RECORD" in member.filename:
            content = _record(content, directory, prefix)
        with open(target, "wb", buffering=0) as file:
            file.write(content)


def _record(content: bytes, directory: str, prefix: str | None) -> bytes:
    """Returns a RECORD with the paths at which files are installed."""
    if b".data/" not in content:
        return content
    text = io.StringIO()
    rows = csv.reader(io.StringIO(content.decode()))
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([os.path.relpath(installed_path(row[0], directory, prefix), directory), *row[1:]] for row in rows if row)
    return text.getvalue().encode()


@contextmanager
def _told(file_name: str, member: str | None = None) -> Iterator[None]:
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError) as error:
        raise PackageError(f"{file_name} is damaged: {member or error}") from None


def _assert_inside(archive: zipfile.ZipFile, file_name: str) -> None:
    for name in archive.namelist():
        parts = re.split(r"[/\\]", name.rstrip("/"))
        # An empty part makes what follows an absolute path.
        if "" in parts or ".." in parts or ":" in parts[0]:
            raise PackageError(f"{file_name} is refused: it would write to {name!r}")


def _assert_free(archive: zipfile.ZipFile, file_name: str, directory: str) -> None:
    """Raises PackageError if data of a wheel would go among the user's files: the installation is at the root here."""
    for name in archive.namelist():
        if not name.partition("/")[0].endswith(".data"):
            continue
        path = os.path.normpath(installed_path(name, directory))
        top = os.path.join(sys.prefix, os.path.relpath(path, sys.prefix).partition(os.sep)[0])
        is_package = path.startswith(directory + os.sep) or belongs_to_packages(path)
        if not is_package and os.path.lexists(top):
            raise PackageError(f"{file_name} is refused: it would write to {path!r}")
