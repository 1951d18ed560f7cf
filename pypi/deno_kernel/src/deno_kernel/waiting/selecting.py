"""`select.select` that waits: the platform's own returns at once, whatever its timeout."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

Ready = tuple[list[Any], list[Any], list[Any]]

_SLICE_SECONDS = 0.02
"""The time between two looks at the files, in seconds: nobody says when one is ready."""


def waiting_select(
    look: Callable[[Any, Any, Any, float], Ready], sleep: Callable[[float], None]
) -> Callable[..., Ready]:
    """Returns a `select` made of one that does not wait and a `sleep` that an interrupt ends."""

    def select(rlist: Any, wlist: Any, xlist: Any, timeout: float | None = None, /) -> Ready:
        """Waits until one of the files is ready, or for `timeout` seconds."""
        if timeout is not None and timeout < 0:
            raise ValueError("timeout must be non-negative")
        files = [list(rlist), list(wlist), list(xlist)]
        end = None if timeout is None else time.monotonic() + timeout
        while True:
            ready = look(*files, 0)
            rest = _SLICE_SECONDS if end is None else end - time.monotonic()
            if any(ready) or rest <= 0:
                return ready
            # There is nothing to look at again where there are no files.
            sleep(min(rest, _SLICE_SECONDS) if any(files) or end is None else rest)

    return select
