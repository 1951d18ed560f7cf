"""The timers that the event loop still owes, so that a checkpoint can list them."""

from __future__ import annotations

import asyncio
from typing import NamedTuple


class TimerHandle(asyncio.TimerHandle):
    """A handle that knows its id in the registry."""

    # asyncio's handles compare by value, so two of them may be "equal": only the id tells them apart.
    __slots__ = ("timer_id",)

    timer_id: int


class Timer(NamedTuple):
    """A callback that is due at a time of the event loop's clock."""

    id: int
    due: float
    handle: TimerHandle


class TimerRegistry:
    """Pending handles by id; an entry goes when its handle runs or is cancelled."""

    def __init__(self) -> None:
        self._timers: dict[int, Timer] = {}
        self._next_id = 1

    def __len__(self) -> int:
        return len(self._timers)

    def add(self, handle: TimerHandle) -> int:
        """Remembers a handle; the id is never used again."""
        timer_id = self._next_id
        self._next_id += 1
        handle.timer_id = timer_id
        self._timers[timer_id] = Timer(timer_id, handle.when(), handle)
        return timer_id

    def discard(self, handle: asyncio.Handle) -> bool:
        """Forgets a handle; false if it was not known."""
        return self._timers.pop(getattr(handle, "timer_id", 0), None) is not None

    def take(self, timer_id: int) -> TimerHandle | None:
        """Forgets a timer that is due and answers its handle; None if it was cancelled."""
        timer = self._timers.pop(timer_id, None)
        return timer.handle if timer else None

    def pending(self) -> list[Timer]:
        """What is still to run, the earliest first."""
        return sorted(self._timers.values(), key=lambda timer: (timer.due, timer.id))
