"""Builds wheels of projects of pure Python, by their description alone: nothing of a project is executed."""

from __future__ import annotations

import os
import re
import shutil
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from .archives import PackageError, canonical
from .optional_extensions import extension_names, needed_extension
from .project import Project, SourcesError
from .projects import BuiltWheels, read_project, write_wheel

_SOURCES = re.compile(r"\.(?:tar\.(?:gz|bz2|xz)|tgz|zip)", re.IGNORECASE)
"""The end of the name of an archive with sources."""
_BACKENDS = re.compile(r"|setuptools\.build_meta(:__legacy__)?|hatchling\.build|flit_core\.buildapi|uv_build|pdm\.backend|poetry\.core\..*")
"""The build tools that copy the modules of a project as they are."""
_COMPILED = re.compile(r"\.(?:c|cc|cpp|cxx|pyx|rs|f|f90|so|pyd)$", re.IGNORECASE)
_COMPILED_FROM = re.compile(r"\.(?:c|cc|cpp|cxx|pyx)$", re.IGNORECASE)
"""The ends of the names of files that extensions are compiled from."""
_EXTENSIONS = re.compile(r"\bext_modules\b|\bcmdclass\b")
_GENERATED = re.compile(r"\buse_2to3\b|\bcythonize\b|\brust_extensions\b|\bcffi_modules\b")
_OTHERS = re.compile(r"(?:tests?|docs?|examples?|benchmarks?|scripts|tools|build|dist|venv|\..*|.*\.egg-info|_.*)")
"""The names of directories beside the modules of a project that are none of its packages."""
_DIRECT = re.compile(r"(?P<name>[A-Za-z0-9][\w.-]*\s*(?:\[[^\]]*\])?)\s*@\s*(?P<address>\S+://.*)", re.DOTALL)
_SCHEMES = ("http://", "https://", "git+", "hg+", "svn+", "bzr+", "emfs:", "file:")
_MOST_FILES = 20_000
_MOST_BYTES = 256 * 2**20


def local_wheels(requirement: str, into: BuiltWheels, find: Callable[[str], str] = os.path.expanduser) -> list[str]:
    """Returns what a requirement names: the wheels of a path or a pattern, the wheel of a project, or itself.

    `find` makes a path one that can be opened. Raises PackageError for a project that cannot be built.
    """
    if (direct := _DIRECT.fullmatch(requirement)) is not None:
        name, address = direct["name"].strip(), direct["address"]
        is_local = address.startswith("file://")
        return [f"{name} @ file://{it}" if is_local else f"{name} @ {it}" for it in local_wheels(address, into, find)]
    place = requirement.partition("#")[0].partition("?")[0].strip()
    if place.startswith(_SCHEMES) and not place.startswith("file://"):
        if re.match(r"(?:git|hg|svn|bzr)\+", place):
            raise PackageError(f"Cannot install {requirement}: there are no programs for version control here")
        if _SOURCES.search(place[-8:]):
            raise PackageError(f"Cannot build {requirement}: save the archive in this kernel and install it by its path")
        return [requirement]
    path, bracket, extras = requirement.removeprefix("file://").partition("[")
    path = path.rstrip()
    if path.endswith(".whl"):
        import glob

        found = find(path)
        return [it + bracket + extras for it in sorted(glob.glob(found)) or [found]]
    is_path = os.sep in path or path in (".", "..") or _SOURCES.search(path[-8:]) is not None
    return [_build_wheel(find(path), into) + bracket + extras] if is_path else [requirement]


def wheel_of_sources(content: bytes, file_name: str) -> bytes:
    """Builds the archive of sources of an index, and returns its wheel. Raises PackageError."""
    directory = tempfile.mkdtemp(prefix="sources-")
    try:
        path = os.path.join(directory, file_name)
        with open(path, "wb") as archive:
            archive.write(content)
        unpacked = _unpacked(path, os.path.join(directory, "unpacked"))
        with BuiltWheels() as built, open(_build(unpacked, file_name, None, built), "rb") as wheel:
            return wheel.read()
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def built_name(name: str, version: str) -> str:
    """Returns the name of the wheel that sources are built to."""
    return f"{re.sub(r'[-.]+', '_', name)}-{version}-py3-none-any.whl"


def _build_wheel(place: str, into: BuiltWheels) -> str:
    """Builds a project in a directory or an archive, and returns the path of its wheel.

    Raises PackageError if that takes more than copying its modules.
    """
    path = os.path.abspath(place)
    if os.path.isdir(path):
        origin: dict[str, Any] = {"url": Path(path).as_uri(), "dir_info": {}}
        return _build(path, path, origin, into)
    directory = tempfile.mkdtemp(prefix="sources-")
    try:
        origin = {"url": Path(path).as_uri(), "archive_info": {}}
        return _build(_unpacked(path, directory), path, origin, into)
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _build(directory: str, shown: str, origin: dict[str, Any] | None, into: BuiltWheels) -> str:
    extensions = _extensions(directory, shown)
    project = read_project(directory, shown)
    if origin is None and canonical(shown.rpartition("-")[0]) != canonical(project.name):
        raise _refused(shown, f"it has the project {project.name}")
    if not _BACKENDS.fullmatch(project.backend):
        raise _refused(shown, f"it is built with {project.backend}")
    if project.tools.get("hatch", {}).get("build", {}).get("hooks"):
        raise _refused(shown, "its build runs hooks")
    files: dict[str, bytes] = {}
    size = 0
    for path in _files(project, shown):
        name = os.path.relpath(path, project.root).replace(os.sep, "/")
        if _COMPILED.search(name):
            if extensions and _COMPILED_FROM.search(name):
                continue
            raise _refused(shown, f"{name} has to be compiled, or was compiled for another platform")
        size += os.path.getsize(path)
        if len(files) >= _MOST_FILES or size > _MOST_BYTES:
            raise _refused(shown, f"it has more than {_MOST_FILES} files or {_MOST_BYTES >> 20} MiB")
        with open(path, "rb") as file:
            files[name] = file.read()
    try:
        needed = needed_extension(extensions, files) if extensions else None
    except (RecursionError, MemoryError):
        raise _refused(shown, "its code is nested too deeply to tell if it does without what has to be compiled") from None
    if needed is not None:
        raise _refused(shown, f"its code needs {needed}, which has to be compiled")
    return write_wheel(project, files, origin, into)


def _extensions(directory: str, shown: str) -> set[str]:
    """Returns the names of the modules that the `setup.py` compiles. Raises PackageError if it does more than that."""
    setup = os.path.join(directory, "setup.py")
    text = Path(setup).read_text("utf-8", "replace") if os.path.isfile(setup) else ""
    extensions = extension_names(text) if _EXTENSIONS.search(text) else set()
    if extensions is None or _GENERATED.search(text):
        raise _refused(shown, "its setup.py builds more than modules")
    return extensions


def _refused(shown: str, reason: str) -> SourcesError:
    text = f"Cannot build {shown}: {reason}, and there are no processes that could build it; a wheel of it can be installed"
    return SourcesError(text, reason)


def _files(project: Project, shown: str) -> Iterator[str]:
    """Yields the files of the packages and modules of a project."""
    places = [os.path.join(project.root, it) for it in project.named or _found(project)]
    if not places:
        raise _refused(shown, "its description does not tell which modules it has")
    for place in places:
        if not _is_inside(place, project.root):
            raise _refused(shown, f"{place} is not in it")
        if not os.path.isdir(place):
            path = place if place.endswith(".py") else f"{place}.py"
            if not os.path.isfile(path):
                raise _refused(shown, f"it has no {os.path.relpath(place, project.root)}")
            yield path
        for parent, directories, names in os.walk(place):
            directories[:] = sorted(it for it in directories if it != "__pycache__")
            for name in sorted(names):
                path = os.path.join(parent, name)
                if not name.endswith(".pyc") and _is_inside(path, project.root):
                    yield path


def _is_inside(path: str, root: str) -> bool:
    """Returns true if a path, whatever links it has, is below a root."""
    return os.path.realpath(path).startswith(os.path.realpath(root) + os.sep)


def _found(project: Project) -> list[str]:
    """Returns the package or module of the project's name, or else all packages that are beside its description."""
    name = canonical(project.name).replace("-", "_")
    entries = sorted(os.listdir(project.root))
    own = [it for it in entries if it.lower() in (name, f"{name}.py")]
    if own and os.path.basename(project.root) != "src":
        return own[:1]
    folders = [it for it in entries if it.isidentifier() and not _OTHERS.fullmatch(it) and os.path.isdir(os.path.join(project.root, it))]
    packages = [it for it in folders if os.path.isfile(os.path.join(project.root, it, "__init__.py"))]
    # A namespace has modules in folders alone.
    return packages or own[:1] or [it for it in folders if any(Path(project.root, it).glob("*/**/*.py"))]


def _unpacked(path: str, directory: str) -> str:
    """Unpacks the files of an archive of sources, without links, and returns the directory that they are in."""
    os.makedirs(directory, exist_ok=True)
    try:
        free = min(shutil.disk_usage(directory).free, _MOST_BYTES)
        for name, content in _members(path, free):
            if name.startswith("/") or ".." in name.split("/"):
                raise PackageError(f"{path} is refused: it would write to {name!r}")
            target = os.path.join(directory, name)
            os.makedirs(os.path.dirname(target), exist_ok=True)
            with open(target, "wb") as file:
                file.write(content)
    except (tarfile.TarError, zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError) as error:
        raise PackageError(f"{path} is damaged: {error}") from None
    except OSError as error:
        reason = error.strerror or error
        raise PackageError(f"Cannot read {path}: {reason}") from None
    inside = os.listdir(directory)
    return os.path.join(directory, inside[0]) if len(inside) == 1 else directory


def _members(path: str, most: int) -> Iterator[tuple[str, bytes]]:
    """Yields the names and contents of the files in an archive. Raises PackageError if these are too large."""
    if path.lower().endswith(".zip"):
        with zipfile.ZipFile(path) as archive:
            files = [it for it in archive.infolist() if not it.is_dir()]
            _assert_fits(path, sum(it.file_size for it in files), most)
            for file in files:
                yield file.filename, archive.read(file)
        return
    size = 0
    with tarfile.open(path) as sources:
        for member in sources:
            size += member.size
            _assert_fits(path, size, most)
            if member.isfile() and (stream := sources.extractfile(member)) is not None:
                yield member.name.removeprefix("./"), stream.read()


def _assert_fits(path: str, size: int, most: int) -> None:
    if size > most:
        raise PackageError(f"Cannot unpack {path}: it takes more than {most / 2**20:.0f} MiB")
