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
