"""Answers questions about packages, without installing any."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from typing import Any

from ..waiting.waits import Waits
from .archives import PackageError, canonical
from .listing import Listing
from .package_source import PackageSource, reason_of

_ADVICE_SECONDS = 10.0
"""The time that advice about a failed import may take."""


class PackageQuestions:
    """`PackageQuestions` are the questions that `pip` and error messages have for a kernel's source of packages.

    `turn` is held by an installation, which changes what the resolver finds.
    """

    def __init__(self, waits: Waits, source: PackageSource | None, listing: Listing, turn: asyncio.Lock) -> None:
        self._waits = waits
        self._source = source
        self._listing = listing
        self._turn = turn

    def check(self) -> list[str]:
        """Returns what installed packages need and do not have, as sentences. Raises PackageError."""
        return self._waits.wait(self._check())

    def index_url(self) -> str | None:
        """Returns the address of the index, without credentials; None if there is none. Raises PackageError."""
        self._waits.wait(self._listing.learn())
        return self._listing.index_url

    def versions(self, name: str) -> list[str]:
        """Returns the versions of a package that can be installed, the newest first. Raises PackageError."""
        return self._waits.wait(self._versions(name))

    def newest(self, names: Iterable[str]) -> dict[str, str]:
        """Returns the newest versions of packages that can be installed; leaves out those that no source has."""
        return self._waits.wait(self._newest(list(names)))

    def download_text(self, url: str) -> str:
        """Returns the text at an address that this kernel may connect to. Raises PackageError."""
        if self._source is None:
            raise PackageError(f"Cannot fetch {url}: this kernel gets no packages (PACKAGES)")
        try:
            status, content = self._waits.wait(self._source.download(url))
        except Exception as error:
            reason = reason_of(error)
            raise PackageError(reason if reason.startswith("Cannot ") else f"Cannot fetch {url}: {reason}") from None
        if status != 200:
            raise PackageError(f"Cannot fetch {url}: status {status}")
        return content.decode("utf-8", "replace")

    def advice(self, name: str) -> str:
        """Returns the end of a sentence that begins with a package which an import lacks: how to get it, or why not."""
        install = f": run %pip install {name}"
        if self._source is None:
            return ", and kernels of this server get no packages (PACKAGES)"
        if not self._waits.can_wait():
            return install
        try:
            reason = self._waits.wait(asyncio.wait_for(self._look_up(name), _ADVICE_SECONDS))
        except (PackageError, TimeoutError):
            return install
        if reason is None:
            return install
        return f", which cannot be had here: {reason}\nA kernel of a remote server may have it (REMOTE_SERVERS)"

    def plan_for_others(self, question: dict[str, Any]) -> dict[str, Any] | None:
        """Returns what the host keeps for the question of another kernel; None if there is no plan to keep."""
        return self._waits.wait(self._plan_for_others(question))

    async def _look_up(self, name: str) -> str | None:
        """Returns the reason why no version of a package runs here; None if there is one."""
        resolving = await self._listing.need_resolving()
        async with self._turn:
            return await resolving.look_up(name, self._listing.listed)

    async def _check(self) -> list[str]:
        return (await self._listing.need_resolving()).check()

    async def _versions(self, name: str) -> list[str]:
        resolving = await self._listing.need_resolving()
        locked, url = self._listing.locked.get(canonical(name)), self._listing.index_url
        page = None
        if url is not None:
            try:
                status, content = await self._source.get(f"{url}/{canonical(name)}/")  # type: ignore[union-attr]
            except Exception as error:
                raise PackageError(reason_of(error)) from error
            page = json.loads(content) if status == 200 else None
        found = resolving.versions(canonical(name), page, [] if locked is None else [locked["version"]])
        if not found:
            raise PackageError(f"Cannot find {name}: no source has a version that runs here")
        return found

    async def _newest(self, names: list[str]) -> dict[str, str]:
        await self._listing.need_resolving()
        found = await asyncio.gather(*map(self._versions, names), return_exceptions=True)
        return {name: versions[0] for name, versions in zip(names, found) if isinstance(versions, list)}

    async def _plan_for_others(self, question: dict[str, Any]) -> dict[str, Any] | None:
        resolving = await self._listing.need_resolving()
        return await resolving.plan_for_others(question, self._listing.listed)
