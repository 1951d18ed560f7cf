"""Gets the files of packages from the host."""

from __future__ import annotations

from ..host.events import EventSender
from .archives import PackageError, canonical
from .listing import Listing
from .package_source import PackageSource, reason_of


class Fetching:
    """`Fetching` asks the host for what a plan needs, and sends events about the files of packages."""

    def __init__(self, source: PackageSource | None, listing: Listing, events: EventSender) -> None:
        self._source = source
        self._listing = listing
        self._events = events

    async def get(self, url: str) -> tuple[int, bytes]:
        """Asks the host for an address; returns a status of HTTP and the body."""
        name = url.removeprefix("packages:file/")
        if name == url:
            if url.startswith("packages:"):
                return await self._source.get(url)  # type: ignore[union-attr]
            file_name = url.partition("?")[0].rpartition("/")[2]
            if not file_name.endswith(".whl"):
                return await self._source.get(url)  # type: ignore[union-attr]
            name = canonical(file_name.partition("-")[0])
        self.tell_progress(name, None, False)
        status, content = await self._source.get(url)  # type: ignore[union-attr]
        self.tell_progress(name, len(content), False)
        return status, content

    async def get_locked(self, name: str, needed_by: str | None) -> bytes:
        """Returns the file of a package of the distribution, which another one may need. Raises PackageError."""
        reason = f", which {needed_by} needs" if needed_by else ""
        shown = self._listing.locked[name]["name"]
        try:
            status, content = await self.get(f"packages:file/{name}")
        except Exception as error:
            raise PackageError(f"Cannot load {shown}{reason}: {reason_of(error)}") from error
        if status != 200:
            raise PackageError(f"Cannot load {shown}{reason}: status {status}")
        return content

    def tell_progress(self, name: str, size: int | None, done: bool) -> None:
        """Sends how far a package is: its size in bytes is None until the file is there."""
        self._events.send("package_progress", {"name": name, "bytes": size, "done": done})
