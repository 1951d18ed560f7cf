"""Reads files of requirements as pip does: requirements and options, one in a line."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urljoin

from .archives import PackageError, canonical
from .building import local_wheels
from .plans import Formats, InstallRequest
from .projects import BuiltWheels, write_editable_wheel

_MOST_FILES = 50
"""The most files that include each other."""
_EDITABLE = re.compile(r"(?:-e|--editable)[\s=]*(?P<project>\S.*)")
_INCLUDE = re.compile(r"(?P<option>-r|-c|--requirement|--constraint)[\s=]*(?P<path>\S.*)")
_FOLDER = re.compile(r"(?:-f|--find-links)[\s=]*(?P<path>\S.*)")
# These options choose the sources of packages, which the server decides, or the way to build, and nothing is built.
_IGNORED = re.compile(
    r"(?:-i|--index-url|--extra-index-url|--trusted-host|--use-feature)(?:[\s=].*)?"
)
_FORMAT = re.compile(r"--(?P<option>only-binary|no-binary)[\s=]+(?P<names>\S.*)")
_ADDRESS = re.compile(r"https?://")
_VARIABLE = re.compile(r"\$\{([A-Z0-9_]+)\}")


@dataclass
class Requirements:
    """The `Requirements` that files and command lines name; as a context, it ends the wheels that were built for it."""

    requirements: list[str] = field(default_factory=list)
    constraints: list[str] = field(default_factory=list)
    prereleases: bool = False
    hashes: dict[str, frozenset[str]] = field(default_factory=dict)
    """The SHA-256 that the files of a package may have, by its canonical name."""

    requires_hashes: bool = False
    folders: list[str] = field(default_factory=list)
    no_index: bool = False
    only_binary: set[str] = field(default_factory=set)
    no_binary: set[str] = field(default_factory=set)
    prefer_binary: bool = False
    download: Callable[[str], str] | None = None
    """Returns the text at an address; raises PackageError."""
    built: BuiltWheels = field(default_factory=BuiltWheels)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.built.__exit__(*error)

    def limit_format(self, option: str, names: str) -> None:
        """Takes the value of `only-binary` or `no-binary`: names, ":all:" or ":none:", of which a later one counts more."""
        chosen, other = (
            (self.only_binary, self.no_binary) if option == "only-binary" else (self.no_binary, self.only_binary)
        )
        for name in filter(None, map(str.strip, names.split(","))):
            if name == ":none:":
                chosen.clear()
            elif name == ":all:":
                chosen.clear()
                other.clear()
                chosen.add(name)
            else:
                chosen.add(canonical(name))
                other.discard(canonical(name))

    def request(self, **options: bool) -> InstallRequest:
        """Returns the request to install them."""
        prereleases = options.pop("prereleases", False) or self.prereleases
        no_index = options.pop("no_index", False) or self.no_index
        return InstallRequest(
            tuple(self.requirements), tuple(self.constraints), prereleases=prereleases, hashes=self.hashes,
            requires_hashes=self.requires_hashes or bool(self.hashes),
            folders=tuple(self.folders), no_index=no_index,
            formats=Formats(frozenset(self.only_binary), frozenset(self.no_binary), self.prefer_binary), **options,
        )  # fmt: skip


def read_requirements_file(path: str, into: Requirements, constrains: bool = False) -> None:
    """Adds what a file names, and the files that it includes. Raises PackageError."""
    _FileReader(into).read(path, constrains)


def read_requirements(text: str, into: Requirements) -> None:
    """Adds what the text of a file names; paths in it are relative to the current directory."""
    _FileReader(into).read_text(text, "", False)


class _FileReader:
    def __init__(self, into: Requirements) -> None:
        self._into = into
        self._seen: set[tuple[str, bool]] = set()

    def read(self, path: str, constrains: bool) -> None:
        is_address = _ADDRESS.match(path) is not None
        key = path if is_address else os.path.abspath(path), constrains
        if key in self._seen:
            return
        self._seen.add(key)
        if len(self._seen) > _MOST_FILES:
            raise PackageError(f"Cannot read the requirements {path!r}: more than {_MOST_FILES} files include each other")
        if is_address and self._into.download is not None:
            text = self._into.download(path)
            self._read_text(text, lambda other: urljoin(path, other), constrains)
            return
        try:
            with open(path, encoding="utf-8-sig") as file:
                text = file.read()
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is not text in UTF-8"
            raise PackageError(f"Cannot read the requirements {path!r}: {reason}") from None
        self.read_text(text, os.path.dirname(path), constrains)

    def read_text(self, text: str, directory: str, constrains: bool) -> None:
        self._read_text(text, lambda path: path if _ADDRESS.match(path) else os.path.join(directory, path), constrains)

    def _read_text(self, text: str, find: Callable[[str], str], constrains: bool) -> None:
        for line in _lines(text.removeprefix("\ufeff")):
            self._read_line(line, find, constrains)

    def _read_line(self, line: str, find: Callable[[str], str], constrains: bool) -> None:
        into = self._into
        if (include := _INCLUDE.fullmatch(line)) is not None:
            is_constraint = include["option"] in ("-c", "--constraint")
            self.read(find(include["path"].strip()), constrains or is_constraint)
        elif (editable := _EDITABLE.fullmatch(line)) is not None:
            into.requirements.append(write_editable_wheel(find(editable["project"].strip()), into.built))
        elif line == "--pre":
            into.prereleases = True
        elif line == "--no-index":
            into.no_index = True
        elif line == "--require-hashes":
            into.requires_hashes = True
        elif line == "--prefer-binary":
            into.prefer_binary = True
        elif (limit := _FORMAT.fullmatch(line)) is not None:
            into.limit_format(limit["option"], limit["names"])
        elif (folder := _FOLDER.fullmatch(line)) is not None:
            path = folder["path"].strip().removeprefix("file://")
            into.folders += [] if "://" in path else [find(path)]
        elif _IGNORED.fullmatch(line):
            return
        elif line.startswith("-"):
            raise PackageError(f"Cannot use the line {line!r} of the requirements: only wheels can be installed here")
        else:
            requirement = re.split(r"\s+--", line, maxsplit=1)[0].strip()
            if hashes := frozenset(re.findall(r"--hash[=\s]sha256:([0-9a-f]{64})", line)):
                into.hashes[_project(requirement)] = hashes
            if constrains:
                into.constraints.append(requirement)
            else:
                into.requirements += local_wheels(requirement, into.built, find)


def _lines(text: str) -> list[str]:
    """Returns the lines without comments; a backslash at the end of a line continues it in the next one."""
    joined = re.sub(r"\\\r?\n", " ", text)
    lines = (re.sub(r"(^|\s)#.*$", "", line).strip() for line in joined.splitlines())
    return [_VARIABLE.sub(lambda it: os.environ.get(it[1], it[0]), line) for line in lines if line]


def _project(requirement: str) -> str:
    """Returns the canonical name of the package of a requirement, or of a wheel at an address or a path."""
    if requirement.partition("#")[0].endswith(".whl") and " @ " not in requirement:
        return canonical(requirement.rpartition("/")[2].partition("-")[0])
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    return canonical(found[0] if found else requirement)
