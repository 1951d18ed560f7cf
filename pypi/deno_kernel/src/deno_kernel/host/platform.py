"""What a kernel needs from the place it runs in."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from typing import Any, Protocol


class Platform(Protocol):
    """The only door between the kernel and its host."""

    def begin_cell(self) -> None:
        """Called when a cell begins: a SIGINT that comes from here on is meant for it."""

    def emit(self, text: str, buffers: Sequence[bytes] | None = None) -> None:
        """Hands one event, a JSON text, to the host."""

    def admit(self, size: int) -> bool:
        """Whether so much may still be shown by this execution; what may not is counted as dropped."""

    def can_wait(self) -> bool:
        """Whether `wait` may be called at this moment."""

    def wait(self, awaitable: Awaitable[Any]) -> Any:
        """Blocks the calling Python code, not the event loop, until the awaitable is done."""
