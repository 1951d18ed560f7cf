"""The question that a resolution answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

_ALL = ":all:"


@dataclass(frozen=True)
class Formats:
    """The forms in which packages may come, by their canonical names; ":all:" stands for every name."""

    only_binary: frozenset[str] = frozenset()
    """The packages whose sources are left out."""
    no_binary: frozenset[str] = frozenset()
    """The packages whose wheels are left out."""
    prefer_binary: bool = False
    """True takes an older version of which there is a wheel before a newer one of which there are only sources."""

    def allows_sources(self, name: str) -> bool:
        """Returns True when a package may be built from sources. Its own name counts more than ":all:"."""
        return name in self.no_binary or not (name in self.only_binary or _ALL in self.only_binary)

    def allows_wheels(self, name: str) -> bool:
        """Returns True when a package may come as a wheel. Its own name counts more than ":all:"."""
        return name in self.only_binary or not (name in self.no_binary or _ALL in self.no_binary)


@dataclass(frozen=True)
class Question:
    """Requirements (PEP 508, addresses or paths of wheels), and the options to satisfy them by."""

    requirements: tuple[str, ...]
    constraints: tuple[str, ...] = ()
    """Requirements that restrict the versions of packages, but do not ask to install any."""
    upgrade: bool = False
    """True upgrades the named packages to the newest versions that fit."""
    reinstall: bool = False
    """True installs the named packages again, even when they are installed in the right version."""
    prereleases: bool = False
    """True allows pre-releases of the named packages."""
    dependencies: bool = True
    """False installs the named packages without their requirements."""
    formats: Formats = Formats()
    """The forms in which packages may come."""
    hashes: Mapping[str, frozenset[str]] = field(default_factory=dict, hash=False)
    """The SHA-256 that the files of a package may have, by its canonical name; for others, any."""
