"""The side of a resolution that can reach packages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True)
class Installed:
    """A package that is installed."""

    version: str
    metadata: str
    """The text of its METADATA."""


class Source(Protocol):
    """Gives a resolution what it asks for. Names of packages are canonical."""

    @property
    def installed(self) -> Mapping[str, Installed]:
        """The packages that are installed."""

    @property
    def built_in(self) -> Mapping[str, str]:
        """The versions of packages that the kernel itself stands in for."""

    @property
    def locked(self) -> Mapping[str, Mapping[str, Any]]:
        """The packages of the distribution, as `pyodide-lock.json` lists them.

        The preferred version of a package has its name as the key, and is before others with keys `NAME==VERSION`.
        """

    async def page(self, name: str) -> Mapping[str, Any] | None:
        """The page of a project in the index (PEP 691); None when the index has none, or there is no index.

        Raises SourceUnreachable, and FileUnavailable when the page is refused.
        """

    async def fetch(self, url: str) -> bytes:
        """The file at an address that a page lists, or that was named. Raises SourceUnreachable, FileUnavailable."""

    async def package(self, name: str) -> bytes:
        """The file of a package of the distribution, by its key in `locked`. Raises SourceUnreachable, FileUnavailable."""

    async def read(self, path: str) -> bytes:
        """The file at a path of the kernel. Raises FileUnavailable."""
