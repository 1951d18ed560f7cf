"""Versions of packages that could be installed."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from ._vendor.packaging.requirements import InvalidRequirement, Requirement
from ._vendor.packaging.utils import canonicalize_name
from ._vendor.packaging.version import Version


class Origin(str, Enum):
    """The kinds of places that packages come from."""

    INSTALLED = "installed"
    BUILT_IN = "built-in"
    """Part of the kernel itself."""
    DISTRIBUTION = "distribution"
    """The distribution of Pyodide, or the server's directory of wheels."""
    INDEX = "index"
    ADDRESS = "address"
    """An address or a path that was named."""


@dataclass(frozen=True)
class Release:
    """A version of a package at one place."""

    name: str
    """The canonical name."""
    version: Version
    origin: Origin
    file_name: str = ""
    address: str = ""
    """The URL of an index's file, the name of a distribution's package, or a path."""
    sha256: str | None = None
    metadata_address: str | None = None
    """The URL of the metadata alone (PEP 658)."""
    metadata_sha256: str | None = None
    depends: tuple[str, ...] | None = field(default=None, compare=False)
    """The names of the packages that this one needs, by the distribution's list; None for other origins."""
    yanked: bool = False
    size: int | None = None

    def __hash__(self) -> int:
        return hash((self.name, self.file_name, self.address))  # All fields would take much of a resolution's time.

    @property
    def is_source(self) -> bool:
        """True for an archive of sources, of which a wheel has to be built."""
        return self.origin is Origin.INDEX and not self.file_name.endswith(".whl")

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


@dataclass(frozen=True)
class Candidate:
    """A release, with extras."""

    release: Release
    extras: frozenset[str] = frozenset()

    @property
    def key(self) -> tuple[str, frozenset[str]]:
        """Identifies the package: with extras it counts as another package, which needs the one without extras."""
        return self.release.name, self.extras

    def __str__(self) -> str:
        extras = f"[{','.join(sorted(self.extras))}]" if self.extras else ""
        return f"{self.release.name}{extras} {self.release.version}"


@dataclass(frozen=True)
class Needed:
    """A requirement of a person, a constraint or a package."""

    requirement: Requirement
    release: Release | None = None
    """The only release that satisfies the requirement; None when its specifier decides."""
    is_constraint: bool = False

    @property
    def name(self) -> str:
        """The canonical name of the package."""
        return canonicalize_name(self.requirement.name)

    @property
    def key(self) -> tuple[str, frozenset[str]]:
        """See `Candidate.key`."""
        return self.name, frozenset(canonicalize_name(extra) for extra in self.requirement.extras)

    def accepts(self, release: Release, prereleases: bool) -> bool:
        """Returns True when a release satisfies the requirement."""
        if self.release is not None:
            return release == self.release
        return self.requirement.specifier.contains(release.version, prereleases=prereleases)

    @property
    def is_pinned(self) -> bool:
        """True when one version alone satisfies the requirement."""
        return self.release is not None or any(
            it.operator == "===" or (it.operator == "==" and not it.version.endswith(".*"))
            for it in self.requirement.specifier
        )

    def __str__(self) -> str:
        return str(self.release) if self.release is not None else str(self.requirement)


@dataclass(frozen=True)
class Metadata:
    """The parts of a package's metadata that a resolution needs."""

    requirements: tuple[Requirement, ...] = ()
    requires_python: str | None = None
    extras: frozenset[str] = frozenset()


def parse_metadata(text: str) -> Metadata:
    """Reads METADATA. Requirements that cannot be read are left out, as they could never be satisfied."""
    from email.parser import HeaderParser

    message = HeaderParser().parsestr(text)
    requirements = []
    for line in message.get_all("Requires-Dist", ()):
        try:
            requirements.append(Requirement(line))
        except InvalidRequirement:
            continue
    extras = frozenset(canonicalize_name(extra) for extra in message.get_all("Provides-Extra", ()))
    return Metadata(tuple(requirements), message.get("Requires-Python"), extras)
