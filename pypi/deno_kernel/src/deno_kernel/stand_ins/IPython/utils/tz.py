"""The stand-in for `IPython.utils.tz`."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

__all__ = ["UTC", "utc_aware", "utcfromtimestamp", "utcnow"]


UTC = timezone.utc


def utc_aware(unaware: Callable[..., datetime]) -> Callable[..., datetime]:
    """Returns a function whose times have the zone UTC."""

    @functools.wraps(unaware)
    def aware(*args: Any, **kwargs: Any) -> datetime:
        return unaware(*args, **kwargs).replace(tzinfo=UTC)

    return aware


def utcfromtimestamp(timestamp: float) -> datetime:
    """Returns the time of a timestamp, with the zone UTC."""
    return datetime.fromtimestamp(timestamp, UTC)


def utcnow() -> datetime:
    """Returns the present time, with the zone UTC."""
    return datetime.now(UTC)
