"""Reads pages, metadata and files from a source into a catalog."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterable
from typing import Any

from .candidates import Metadata, Origin, Release, parse_metadata
from .catalog import Catalog, Need
from .errors import FileUnavailable, SourcesUnusable, SourceUnreachable
from .index_page import Page, read_page
from .source import Source
from .wheel_file import check_hash, metadata_in


class Reader:
    """A `Reader` reads each page and each metadata once. Failures are noted in the catalog."""

    def __init__(self, source: Source, catalog: Catalog) -> None:
        self._source = source
        self._catalog = catalog
        self._reading: dict[Need, asyncio.Future[Any]] = {}
        self.source_hashes: dict[Release, str] = {}
        """The SHA-256 of the archives of sources that wheels were built of."""

    async def learn(self, needs: Iterable[Need]) -> None:
        """Reads pages and metadata, all at a time."""
        await asyncio.gather(*(self._learn_once(need) for need in dict.fromkeys(needs)))

    async def obtain(self, release: Release) -> None:
        """Reads the file of a release into the catalog."""
        try:
            self._catalog.contents[release] = await self.read(release)
        except SourcesUnusable as error:
            self._catalog.give_up_sources(release, str(error))
        except (SourceUnreachable, FileUnavailable) as error:
            self._exclude(release, str(error))

    async def read(self, release: Release) -> bytes:
        """Returns the file of a release, built if it has sources. Raises the errors of `Source`."""
        if release.origin is Origin.DISTRIBUTION:
            content = await self._source.package(release.address)
        elif "://" in release.address:
            is_named = release.origin is Origin.ADDRESS
            get = self._source.named if is_named else self._source.fetch
            content = await get(release.address)
        else:
            content = await self._source.read(release.address)
        check_hash(content, release.sha256, release.file_name)
        if not release.is_source:
            return content
        self.source_hashes[release] = hashlib.sha256(content).hexdigest()
        return self._source.build(content, release.file_name)

    async def _learn_once(self, need: Need) -> None:
        reading = self._reading.get(need)
        if reading is None:
            learning = self._learn_metadata(need) if isinstance(need, Release) else self._learn_page(need)
            reading = self._reading[need] = asyncio.ensure_future(learning)
        await reading

    async def _learn_page(self, name: str) -> None:
        if not self._catalog.is_index_reachable:
            return
        try:
            page = await self._source.page(name)
        except SourceUnreachable as error:
            self._catalog.is_index_reachable = False
            self._catalog.blame(str(error))
        except FileUnavailable as error:
            self._catalog.pages[name] = Page()
            self._catalog.blame(str(error))
        else:
            environment = self._catalog.environment
            self._catalog.pages[name] = Page() if page is None else read_page(name, page, environment)

    async def _learn_metadata(self, release: Release) -> None:
        try:
            self._catalog.metadata[release] = await self._read_metadata(release)
        except SourcesUnusable as error:
            self._catalog.give_up_sources(release, str(error))
        except (SourceUnreachable, FileUnavailable) as error:
            self._exclude(release, str(error))

    async def _read_metadata(self, release: Release) -> Metadata:
        if release.metadata_address is not None:
            try:
                content = await self._source.fetch(release.metadata_address)
                check_hash(content, release.metadata_sha256, f"The metadata of {release.file_name}")
                return parse_metadata(content.decode("utf-8", "replace"))
            except FileUnavailable as error:
                self._catalog.blame(str(error))
        elif release.origin is Origin.INDEX and "://" in release.address and not release.is_source:
            text = await self._source.metadata(release.address)
            if text is not None:
                return parse_metadata(text.decode("utf-8", "replace"))
        content = self._catalog.contents[release] = await self.read(release)
        return parse_metadata(metadata_in(content, release.file_name))

    def _exclude(self, release: Release, problem: str) -> None:
        """Excludes a release whose file cannot be fetched from later plans."""
        self._catalog.excluded.add(release)
        self._catalog.blame(problem)
