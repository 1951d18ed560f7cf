"""Reads ahead: what a resolution will ask for one after the other is read at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

from ._vendor.packaging.requirements import Requirement
from .candidates import Candidate, Needed, Release
from .catalog import Catalog, DeadEnd, Need, Unknown
from .provider import Provider
from .reading import Reader

_MOST_CANDIDATES = 400
_MOST_READINGS = 5
"""The number of readings after which a requirement is left to the resolution itself."""


class Explorer:
    """An `Explorer` follows requirements to the releases that would be chosen if there were no conflicts."""

    def __init__(self, catalog: Catalog, reader: Reader, is_late: Callable[[], bool]) -> None:
        self._catalog = catalog
        self._reader = reader
        self._is_late = is_late
        self._seen: set[Candidate] = set()

    async def explore(self, provider: Provider, needed: Iterable[Needed]) -> None:
        """Reads the pages and the metadata that requirements lead to."""
        for best in await asyncio.gather(*(self._best(provider, it) for it in needed)):
            await self._follow(provider, *best)

    async def learn(self, provider: Provider, needs: Iterable[Need]) -> None:
        """Reads what a resolution lacks, and ahead: other versions that may be tried next, and what these need."""
        wanted = list(needs)
        releases = [it for it in wanted if isinstance(it, Release)]
        ahead = [other for it in releases for other in self._catalog.following(it)]
        await self._reader.learn([*wanted, *ahead])
        await self.explore(provider, [Needed(Requirement(it.name), it) for it in releases])

    async def _follow(self, provider: Provider, needed: Needed, release: Release | None) -> None:
        if release is None:
            return
        for extras in {frozenset(), needed.key[1]}:
            candidate = Candidate(release, extras)
            if candidate in self._seen or len(self._seen) >= _MOST_CANDIDATES or self._is_late():
                continue
            self._seen.add(candidate)
            further = await self._requirements(provider, candidate)
            found = await asyncio.gather(*(self._best(provider, it) for it in further))
            if any(it is None for _, it in found):
                continue  # The resolution passes the release over.
            await asyncio.gather(*(self._follow(provider, *it) for it in found))

    async def _best(self, provider: Provider, needed: Needed) -> tuple[Needed, Release | None]:
        """Returns the release that satisfies a requirement best, after its metadata was read."""
        for _ in range(_MOST_READINGS):
            try:
                release = next(provider.acceptable(needed.name, [needed]), None)
                if release is not None:
                    self._catalog.metadata_of(release)
                return needed, release
            except Unknown as unknown:
                await self._reader.learn(unknown.needs)
        return needed, None

    async def _requirements(self, provider: Provider, candidate: Candidate) -> list[Needed]:
        for _ in range(_MOST_READINGS):
            try:
                return provider.requirements(candidate)
            except Unknown as unknown:
                await self._reader.learn(unknown.needs)
            except DeadEnd:
                break
        return []
