"""The requests to install packages, and the plans that answer them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Formats:
    """The forms in which packages may come, by their canonical names; ":all:" stands for every name."""

    only_binary: frozenset[str] = frozenset()
    """The packages whose sources are left out."""
    no_binary: frozenset[str] = frozenset()
    """The packages whose wheels are left out."""
    prefer_binary: bool = False
    """True takes an older version of which there is a wheel before a newer one of which there are only sources."""


@dataclass(frozen=True)
class InstallRequest:
    """An `InstallRequest` has requirements (PEP 508, addresses or paths of wheels) and the options of pip."""

    requirements: tuple[str, ...]
    constraints: tuple[str, ...] = ()
    upgrade: bool = False
    reinstall: bool = False
    prereleases: bool = False
    dependencies: bool = True
    hashes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """The SHA-256 that the files of a package may have, by its canonical name."""
    requires_hashes: bool = False
    """True installs nothing that has no hash there, as pip does once a requirement has one."""
    folders: tuple[str, ...] = ()
    """The paths of directories with wheels, which come before those of other sources."""
    no_index: bool = False
    """True takes packages from the folders alone."""
    ignore_installed: bool = False
    """True plans as if nothing were installed."""
    formats: Formats = Formats()


@dataclass(frozen=True)
class PackageFile:
    """A `PackageFile` is a file to install, with its content."""

    name: str
    version: str
    file_name: str
    content: bytes
    place: str = "site"
    """The place that it is unpacked into, as a distribution lists it: "site", "dynlib" or "stdlib"."""
    origin: str = "pyodide"
    """The address or path that it came from; "pyodide" for the distribution."""
    requested: bool = False
    replaces: str | None = None
    """The installed version, which is removed."""
    is_direct: bool = False
    """True if a person named the address or path."""
    source_sha256: str | None = None
    """The SHA-256 of the archive of sources that the content was built from."""

    def __str__(self) -> str:
        return f"{self.name}-{self.version}"

    @property
    def sha256(self) -> str:
        """The SHA-256 of the file as its source has it."""
        return self.source_sha256 or hashlib.sha256(self.content).hexdigest()

    @property
    def pinned(self) -> str:
        """The file as a line of a requirements file, with its hash."""
        origin = "the distribution" if self.origin == "pyodide" else self.origin
        return f"{self.name}=={self.version} --hash=sha256:{self.sha256}  # {len(self.content) / 1e6:.1f} MB from {origin}"


@dataclass(frozen=True)
class InstallPlan:
    """An `InstallPlan` has the files to install, each after those that it needs."""

    files: tuple[PackageFile, ...]
    satisfied: tuple[str, ...] = ()
    """The packages that are installed already, as `name-version`."""
    notes: tuple[str, ...] = ()
    """Sentences for people, such as that a source could not be reached."""


@dataclass(frozen=True)
class Installation:
    """An `Installation` says what was done, or would be done, for a request."""

    installed: tuple[str, ...] = ()
    """The new packages, as `name-version`."""
    replaced: tuple[str, ...] = ()
    """The packages that were removed for them, as `name-version`."""
    satisfied: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    pinned: tuple[str, ...] = ()
    """The files that would be installed, as lines of a requirements file with hashes."""
