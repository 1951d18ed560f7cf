"""The interface by which a resolution reaches packages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True)
class Installed:
    """An installed package."""

    version: str
    metadata: str
    """The text of its METADATA."""


class Source(Protocol):
    """Gives a resolution the lists, pages and files of packages. Names of packages are canonical."""

    @property
    def installed(self) -> Mapping[str, Installed]:
        """The packages that are installed."""

    @property
    def built_in(self) -> Mapping[str, str]:
        """The versions of the packages for which the kernel itself has stand-ins."""

    @property
    def locked(self) -> Mapping[str, Mapping[str, Any]]:
        """The packages of the distribution, as `pyodide-lock.json` lists them.

        The preferred version of a package has the package's name as its key, and comes before the others, whose keys
        have the form `NAME==VERSION`.
        """

    @property
    def found(self) -> Mapping[str, Mapping[str, Any]]:
        """Pages (PEP 691) of projects whose wheels a person has in folders; the addresses of their files are paths."""

    async def page(self, name: str) -> Mapping[str, Any] | None:
        """Returns the page of a project in the index (PEP 691); None when there is no such page, or no index.

        Raises SourceUnreachable, and FileUnavailable when the page is refused.
        """

    async def fetch(self, url: str) -> bytes:
        """Returns the file at an address that a page lists. Raises SourceUnreachable, FileUnavailable."""

    async def metadata(self, url: str) -> bytes | None:
        """Returns the METADATA of the wheel at an address that a page lists; None when that takes the whole wheel.

        Raises SourceUnreachable, FileUnavailable.
        """

    async def named(self, url: str) -> bytes:
        """Returns the file at an address that a person named. Raises SourceUnreachable, FileUnavailable."""

    def build(self, content: bytes, file_name: str) -> bytes:
        """Returns a wheel of an archive of sources. Raises SourcesUnusable."""

    async def package(self, name: str) -> bytes:
        """Returns the file of a package of the distribution, by the package's key in `locked`.

        Raises SourceUnreachable, FileUnavailable.
        """

    async def read(self, path: str) -> bytes:
        """Returns the file at a path of the kernel. Raises FileUnavailable."""
