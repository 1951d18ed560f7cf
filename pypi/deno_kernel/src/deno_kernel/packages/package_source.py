"""The source of packages that a kernel's host gives it."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from .archives import Archive

Get = Callable[[str], Awaitable[tuple[int, bytes]]]
"""Asks the host for an address; returns a status of HTTP and the body."""


class PackageSource(Protocol):
    """A `PackageSource` gets packages from the kernel's host."""

    async def list(self) -> dict[str, Any]:
        """Returns `{"lock": {"packages": {name: {...}}}, "indexUrl": str | None}`."""

    async def get(self, url: str) -> tuple[int, bytes]:
        """Returns the status and the content of an address that the host answers for."""

    async def download(self, url: str) -> tuple[int, bytes]:
        """Returns the status and the content of an address that this kernel may connect to itself."""

    def room(self) -> int:
        """Returns the bytes that packages may still take, as they are packed."""

    def directory_of(self, place: str) -> str:
        """Returns the directory of a place; "site" is that of Python packages."""

    async def install(self, archive: Archive, place: str, origin: str) -> None:
        """Unpacks an archive into the directory of a place; `origin` is noted beside its metadata."""

    async def add_bytecode(self, content: bytes, directory: str) -> None:
        """Adds compiled files to what was unpacked from an archive, if the host has them."""

    def loaded(self, name: str, origin: str | None) -> None:
        """Tells other installers that a package is installed; with None as the origin, that it is not."""


def reason_of(error: BaseException) -> str:
    """Returns the reason why a source failed, without the name of the host's class of errors."""
    text = str(error)
    return re.sub(r"^(?:KernelError|TypeError|Error): ", "", text) or type(error).__name__
