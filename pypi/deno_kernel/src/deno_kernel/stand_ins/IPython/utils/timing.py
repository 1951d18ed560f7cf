"""The stand-in for `IPython.utils.timing`."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

__all__ = ["clock", "clock2", "clocks", "clocku", "timing", "timings", "timings_out"]


def clock() -> float:
    """Returns the processor's time of this kernel in seconds."""
    return time.process_time()


clocku = clocks = clock


def clock2() -> tuple[float, float]:
    """Returns the processor's time of this kernel in seconds, twice: the times of user and system are not told apart."""
    return clock(), 0.0


def timings_out(reps: int, func: Callable[..., Any], *args: Any, **kw: Any) -> tuple[float, float, Any]:
    """Returns the time of some calls, that of one call, and the value of the last one."""
    if reps < 1:
        raise ValueError("reps must be >= 1")
    start = clock()
    for _ in range(reps):
        value = func(*args, **kw)
    total = clock() - start
    return total, total / reps, value


def timings(reps: int, func: Callable[..., Any], *args: Any, **kw: Any) -> tuple[float, float]:
    """Returns the time of some calls and that of one call."""
    return timings_out(reps, func, *args, **kw)[:2]


def timing(func: Callable[..., Any], *args: Any, **kw: Any) -> float:
    """Returns the time of one call."""
    return timings_out(1, func, *args, **kw)[0]
