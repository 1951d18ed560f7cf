"""The interface of the part of the host that makes connections, and the waits for it."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol

from ..waiting.waits import Waits

File = tuple[int, int]
"""A file descriptor, with the events of `poll` that are waited for."""


class SocketHost(Protocol):
    """A `SocketHost` makes connections to the granted hosts, and reads and writes them in the background."""

    def refusal(self, host: str, port: int) -> OSError | None:
        """Returns the reason why a socket may not connect to a host."""

    def connect(self, fd: int, host: str, port: int) -> Awaitable[OSError | None]:
        """Begins to connect a socket to a host, by its name or address; resolves with the reason if it fails."""

    def abandon(self, fd: int) -> None:
        """Gives up connecting a socket, or the handshake on it."""

    async def start_tls(self, fd: int, options: dict[str, Any]) -> dict[str, Any]:
        """Makes a client's handshake on a connected socket, and returns its outcome.

        It is `version`, `cipher`, `protocol`, `certificate` and `chain`, or `failure` and `code`.
        """

    def memory_tls(self) -> MemoryTls:
        """Returns the part for sessions that are on no socket."""

    def peek(self, fd: int) -> None:
        """Lets the next read of a socket leave in place what it returns."""

    def set_option(self, fd: int, name: str, on: bool) -> None:
        """Sets the option `no delay` or `keep alive` of a connection."""

    def ready(self, files: Sequence[File], wait_id: int) -> Awaitable[None]:
        """Resolves when one of the sockets has one of its events, or at `forget`."""

    def call_when_ready(self, files: Sequence[File], wait_id: int, callback: Callable[[], None]) -> None:
        """Calls a function back at the same moment, also when the wait is forgotten."""

    def forget(self, wait_id: int) -> None:
        """Ends a wait of `ready`."""

    async def look_up(self, name: str) -> list[str] | OSError:
        """Returns the addresses of a granted name, or the reason why there are none."""


class MemoryTls(Protocol):
    """A `MemoryTls` encrypts and decrypts bytes that somebody else carries, by the id of a session."""

    def open(self, options: dict[str, Any]) -> int:
        """Begins a client's handshake; returns 0 if there can be no further session."""

    def feed(self, session: int, data: bytes | None) -> None:
        """Takes encrypted bytes of the other side; None is its end."""

    async def settle(self, session: int) -> bytes:
        """Returns the encrypted bytes for the other side, when all that was fed has had its effect."""

    def outcome(self, session: int) -> dict[str, Any] | None:
        """Returns the outcome of the handshake, as `SocketHost.start_tls`; None until there is one."""

    def read(self, session: int, size: int) -> bytes | None:
        """Returns decrypted bytes, which are empty at the end; None if none have come. Raises OSError."""

    def write(self, session: int, data: bytes) -> int:
        """Returns the number of bytes that it has taken; -1 after the end."""

    def pending(self, session: int) -> int:
        """Returns the number of decrypted bytes that have come."""

    def end(self, session: int) -> None:
        """Tells the other side that nothing more is sent."""

    def close(self, session: int) -> None:
        """Forgets a session."""


class SocketWaits:
    """A `SocketWaits` lets synchronous code wait for sockets, while the event loop goes on."""

    def __init__(self, host: SocketHost, waits: Waits) -> None:
        self.host = host
        self._waits = waits
        self.ids = itertools.count()

    def until_ready(self, files: Sequence[File], seconds: float | None) -> None:
        """Waits until one of the sockets has one of its events, at most for so many seconds."""
        self._check()
        wait_id = next(self.ids)
        timer = None
        if seconds is not None:
            timer = asyncio.get_running_loop().call_later(seconds, self.host.forget, wait_id)
        try:
            self._waits.wait(self.host.ready(files, wait_id))
        finally:
            if timer is not None:
                timer.cancel()
            self.host.forget(wait_id)

    def run(self, awaitable: Awaitable[Any], seconds: float | None = None) -> Any:
        """Waits for an awaitable and returns its result; raises TimeoutError if it takes longer."""
        self._check()
        return self._waits.wait(awaitable if seconds is None else asyncio.wait_for(awaitable, seconds))

    def _check(self) -> None:
        if not self._waits.can_wait():
            raise RuntimeError("Cannot wait for a socket here: Python cannot wait inside synchronous code at this point")
