"""The question that a resolution answers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Question:
    """Requirements (PEP 508, addresses or paths of wheels), and how they are to be satisfied."""

    requirements: tuple[str, ...]
    constraints: tuple[str, ...] = ()
    """Requirements that restrict the versions of packages, but ask for none."""
    upgrade: bool = False
    """Replaces installed packages that are named by the newest versions that fit."""
    reinstall: bool = False
    """Installs packages that are named also when the right version is installed."""
    prereleases: bool = False
    """Takes pre-releases of packages that are named, too."""
    dependencies: bool = True
    """False installs the named packages alone."""
