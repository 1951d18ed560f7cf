"""`select.select` and `select.poll` that wait: those of the platform return at once, whatever their timeout."""

from __future__ import annotations

import os
import select
import selectors
import stat
import time
from collections.abc import Callable
from typing import Any

from ..waiting.waits import check_time
from .host import File, SocketWaits

Ready = tuple[list[Any], list[Any], list[Any]]

_SLICE_SECONDS = 0.02
"""The time between two looks at files that are no sockets, in seconds: nobody says when one is ready."""
_READ = select.POLLIN
_WRITE = select.POLLOUT


class Polling:
    """A `Polling` waits for files, with a `sleep` that an interrupt ends."""

    def __init__(self, waits: SocketWaits, sleep: Callable[[float], None]) -> None:
        self._waits = waits
        self._sleep = sleep

    def until(self, look: Callable[[], Any], files: list[File], end: float | None) -> Any:
        """Returns what `look` returns as soon as it is not empty, or when the time `end` is over."""
        sockets = all(_is_socket(fd) for fd, _ in files)
        while True:
            found = look()
            rest = None if end is None else end - time.monotonic()
            if found or rest is not None and rest <= 0:
                return found
            if files and sockets:
                self._waits.until_ready(files, rest)
            elif not files and rest is not None:
                self._sleep(rest)  # There is nothing to look at again.
            else:
                self._sleep(_SLICE_SECONDS if rest is None else min(rest, _SLICE_SECONDS))


def waiting_select(look: Callable[[Any, Any, Any, float], Ready], polling: Polling) -> Callable[..., Ready]:
    """Returns a `select` made of one that does not wait."""

    def select_(rlist: Any, wlist: Any, xlist: Any, timeout: float | None = None, /) -> Ready:
        """Waits until one of the files is ready, or for `timeout` seconds."""
        if timeout is not None and timeout < 0:
            raise ValueError("timeout must be non-negative")
        lists = [list(rlist), list(wlist), list(xlist)]
        end = None if timeout is None else time.monotonic() + timeout
        ready = look(*lists, 0)  # This raises what is wrong with the files.
        if any(ready):
            return ready
        files = [(_descriptor(it), events) for it, events in
                 [*((it, _READ) for it in lists[0]), *((it, _WRITE) for it in lists[1])]]  # fmt: skip
        return polling.until(lambda: _some(look(*lists, 0)), files, end) or ([], [], [])

    return select_


class Poll:
    """A `Poll` is what `select.poll()` returns."""

    def __init__(self, plain: Any, polling: Polling) -> None:
        self._plain = plain
        self._polling = polling
        self._files: dict[int, int] = {}

    def register(self, fd: Any, eventmask: int = _READ | select.POLLPRI | _WRITE, /) -> None:
        """Adds a file, or changes its events."""
        self._plain.register(fd, eventmask)
        self._files[_descriptor(fd)] = eventmask

    def modify(self, fd: Any, eventmask: int, /) -> None:
        """Changes the events of a file."""
        self._plain.modify(fd, eventmask)
        self._files[_descriptor(fd)] = eventmask

    def unregister(self, fd: Any, /) -> None:
        """Removes a file."""
        self._plain.unregister(fd)
        self._files.pop(_descriptor(fd), None)

    def poll(self, timeout: float | None = None, /) -> list[tuple[int, int]]:
        """Waits until a file is ready, or for `timeout` milliseconds."""
        end = None if timeout is None or timeout < 0 else time.monotonic() + timeout / 1000
        if end is not None:
            check_time(timeout / 1000)  # type: ignore[operator]
        return self._polling.until(lambda: self._plain.poll(0), list(self._files.items()), end)


def _some(ready: Ready) -> Ready | None:
    return ready if any(ready) else None


def _descriptor(file: Any) -> int:
    return file if isinstance(file, int) else file.fileno()


def _is_socket(fd: int) -> bool:
    try:
        return stat.S_ISSOCK(os.fstat(fd).st_mode)
    except OSError:
        return False


def install_poll(polling: Polling) -> None:
    """Makes `select.poll`, and the selectors that are made of it, wait."""
    plain = select.poll

    def poll() -> Poll:
        """Returns a polling object, which waits for files."""
        return Poll(plain(), polling)

    select.poll = poll  # type: ignore[misc,assignment]
    selectors.PollSelector._selector_cls = staticmethod(poll)  # type: ignore[attr-defined]
