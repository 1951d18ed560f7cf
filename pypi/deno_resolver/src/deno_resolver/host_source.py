"""A kernel's source of packages: its host, which answers requests for addresses."""

from __future__ import annotations

import importlib.metadata
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from ._vendor.packaging.utils import canonicalize_name
from .errors import FileUnavailable, SourcesUnusable, SourceUnreachable
from .source import Installed

Get = Callable[[str], Awaitable[tuple[int, bytes]]]
"""Asks the host for an address; returns an HTTP status and the body. Raises an error when the host refuses or fails."""

_UNREACHABLE = re.compile(r"^Cannot reach ")


class HostSource:
    """Gives a resolution the host's distribution and index, and the packages that are installed here."""

    def __init__(
        self,
        get: Get,
        packages: Mapping[str, Any],
        built_in: Mapping[str, str] | None = None,
        *,
        found: Mapping[str, Mapping[str, Any]] | None = None,
        download: Get | None = None,
        installed: Mapping[str, Installed] | None = None,
        build: Callable[[bytes, str], bytes] | None = None,
    ) -> None:
        """`packages` is the answer to `packages:list`; see `HostSource.open`.

        `found` are the pages of wheels in folders, `download` reaches what the kernel itself may connect to, and
        `installed` are the packages that count as installed, by default those on `sys.path`. `build` makes wheels of
        archives of sources, and raises SourcesUnusable.
        """
        self._get = get
        self._download = download
        self._build = build
        self.found = found or {}
        self._index_url: str | None = packages["indexUrl"]
        self.locked: Mapping[str, Mapping[str, Any]] = packages["lock"]["packages"]
        self.built_in = dict(built_in or {})
        self.installed = installed_packages() if installed is None else installed

    @classmethod
    async def open(cls, get: Get, built_in: Mapping[str, str] | None = None) -> HostSource:
        """Asks the host for its list of packages, and returns the source."""
        _, content = await get("packages:list")
        return cls(get, json.loads(content), built_in)

    async def page(self, name: str) -> Mapping[str, Any] | None:
        """See Source. The host refuses the page of a package that is not allowed."""
        if self._index_url is None:
            return None
        status, content = await self._ask(f"{self._index_url}/{name}/")
        if status in (401, 403) or status >= 500:
            raise SourceUnreachable(f"Cannot use the package index: it answers with the status {status}")
        return json.loads(content) if status == 200 else None

    async def fetch(self, url: str) -> bytes:
        """See Source."""
        return await self._file(url)

    async def metadata(self, url: str) -> bytes | None:
        """See Source."""
        status, content = await self._ask(f"packages:metadata/{url}")
        return content if status == 200 else None

    async def named(self, url: str) -> bytes:
        """See Source. The host gives what its index lists; anything else is for the kernel's own network."""
        try:
            return await self._file(url)
        except (FileUnavailable, SourceUnreachable):
            if self._download is None:
                raise
        try:
            status, content = await self._download(url)
        except Exception as error:
            raise FileUnavailable(_reason(error)) from error
        if status != 200:
            raise FileUnavailable(f"Cannot fetch {url}: status {status}")
        return content

    def build(self, content: bytes, file_name: str) -> bytes:
        """See Source."""
        if self._build is None:
            raise SourcesUnusable("nothing can be built")
        return self._build(content, file_name)

    async def package(self, name: str) -> bytes:
        """See Source."""
        return await self._file(f"packages:file/{name}")

    async def read(self, path: str) -> bytes:
        """See Source; as for micropip, a path may begin with `emfs:` or `file:`."""
        try:
            with open(re.sub(r"^(?:emfs|file):(?://)?", "", path), "rb") as file:
                return file.read()
        except OSError as error:
            raise FileUnavailable(f"Cannot read {path}: {error.strerror}") from None

    async def _file(self, address: str) -> bytes:
        status, content = await self._ask(address)
        if status != 200:
            raise FileUnavailable(f"Cannot fetch {address}: status {status}")
        return content

    async def _ask(self, address: str) -> tuple[int, bytes]:
        try:
            return await self._get(address)
        except Exception as error:
            reason = _reason(error)
            failure = SourceUnreachable if _UNREACHABLE.search(reason) else FileUnavailable
            raise failure(reason) from error


def installed_packages() -> dict[str, Installed]:
    """Returns the packages on `sys.path`, by canonical name; of several versions the first, which Python imports."""
    found: dict[str, Installed] = {}
    for distribution in importlib.metadata.distributions():
        text = distribution.read_text("METADATA") or distribution.read_text("PKG-INFO") or ""
        name = re.search(r"^Name:\s*(\S+)", text, re.MULTILINE)
        version = re.search(r"^Version:\s*(\S+)", text, re.MULTILINE)
        if name and version:
            found.setdefault(canonicalize_name(name[1]), Installed(version[1], text))
    return found


def _reason(error: Exception) -> str:
    return re.sub(r"^(?:KernelError|TypeError|Error): ", "", str(error)) or type(error).__name__
