"""The interface of the place that a kernel runs in."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from typing import Any, Protocol


class Platform(Protocol):
    """A `Platform` is the only connection between a kernel and its host."""

    def begin_cell(self) -> None:
        """Tells the host that a cell begins: from now on a SIGINT is meant for this cell."""

    def open_reserve(self) -> None:
        """Lets the kernel's own code use the memory that is kept for it, if there is no other."""

    def close_reserve(self) -> None:
        """Ends what `open_reserve` began: the user's code runs."""

    def emit(self, text: str, buffers: Sequence[bytes] | None = None) -> None:
        """Hands one event, a JSON text, to the host."""

    def own(self, execution_id: str | None) -> None:
        """Tells the host to which execution printed text belongs from here on; None means the one that began last."""

    def admit(self, size: int) -> bool:
        """Returns true if the execution may show `size` more characters; otherwise the host counts them as dropped."""

    def can_wait(self) -> bool:
        """Returns true if `wait` may be called at this moment."""

    def wait(self, awaitable: Awaitable[Any]) -> Any:
        """Blocks the calling Python code, but not the event loop, until the awaitable is done; returns its result."""
