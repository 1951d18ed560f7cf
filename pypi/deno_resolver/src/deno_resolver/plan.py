"""The answer of a resolution."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .candidates import Origin, Release


@dataclass(frozen=True)
class Step:
    """A file to install."""

    release: Release
    requested: bool
    """True when the user named the package."""
    replaces: str | None
    """The installed version that the step removes; None when there is none."""
    content: bytes | None = field(default=None, compare=False)
    """The file, when the resolution had to fetch it; the wheel that was built of it, for sources."""
    source_sha256: str | None = None
    """The SHA-256 of the sources that the content was built from."""

    def to_json(self) -> dict[str, Any]:
        """The step as JSON, without the content."""
        release = self.release
        return {
            "name": release.name,
            "version": str(release.version),
            "origin": release.origin.value,
            "file": release.file_name,
            "address": release.address,
            "sha256": release.sha256,
            "size": release.size,
            "requested": self.requested,
            "replaces": self.replaces,
        }


@dataclass(frozen=True)
class Plan:
    """The files to install, each after the files that it needs, and notes for people."""

    steps: tuple[Step, ...]
    satisfied: tuple[Release, ...] = ()
    """The releases that satisfy requirements and are there already."""
    notes: tuple[str, ...] = ()
    """Sentences for people: sources that could not be reached, packages that will not work together."""

    def to_json(self) -> dict[str, Any]:
        """The plan as JSON."""
        return {
            "install": [step.to_json() for step in self.steps],
            "satisfied": [
                {"name": it.name, "version": str(it.version)} for it in self.satisfied if it.origin is Origin.INSTALLED
            ],
            "notes": list(self.notes),
        }
