"""The question that a resolution answers."""

from __future__ import annotations

from dataclasses import dataclass


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
