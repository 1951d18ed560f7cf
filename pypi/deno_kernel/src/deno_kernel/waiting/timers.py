"""The pending timers of the event loop, in a registry, so that a checkpoint can list them."""

from __future__ import annotations

import asyncio
from typing import NamedTuple


class TimerHandle(asyncio.TimerHandle):
    """A `TimerHandle` is asyncio's handle with its id in the registry."""

    # asyncio compares handles by value, so two handles may be equal. Only the id tells them apart.
    __slots__ = ("timer_id",)

    timer_id: int


class Timer(NamedTuple):
    """A `Timer` is a callback with the time of the event loop's clock, in seconds, at which it is due."""

    id: int
    due: float
    handle: TimerHandle


class TimerRegistry:
    """A `TimerRegistry` has the pending handles by id; a handle leaves when it runs or is cancelled."""

    def __init__(self) -> None:
        self._timers: dict[int, Timer] = {}
        self._next_id = 1

    def __len__(self) -> int:
        return len(self._timers)

    def add(self, handle: TimerHandle) -> int:
        """Adds a handle and returns its id, which is never used again."""
        timer_id = self._next_id
        self._next_id += 1
        handle.timer_id = timer_id
        self._timers[timer_id] = Timer(timer_id, handle.when(), handle)
        return timer_id

    def discard(self, handle: asyncio.Handle) -> bool:
        """Removes a handle; returns false if the registry does not have it."""
        return self._timers.pop(getattr(handle, "timer_id", 0), None) is not None

    def take(self, timer_id: int) -> TimerHandle | None:
        """Removes a timer that is due and returns its handle; None if it was cancelled."""
        timer = self._timers.pop(timer_id, None)
        return timer.handle if timer else None

    def pending(self) -> list[Timer]:
        """Returns the pending timers, the earliest first."""
        return sorted(self._timers.values(), key=lambda timer: (timer.due, timer.id))
