"""Runs the event loop's callbacks so that nothing that a task does can end the kernel."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..host.executions import current_execution
from ..host.programs import current_program, switch_to

if TYPE_CHECKING:
    from ..host.events import EventSender
    from ..host.interrupts import Interrupts

_OWN = "_deno_kernel_own"


def mark_own(callback: Callable[..., Any]) -> None:
    """Marks a callback as the kernel's own code, in which a SIGINT is noted and not raised."""
    setattr(callback, _OWN, True)


class LoopCallbacks:
    """A `LoopCallbacks` runs the handles of an event loop."""

    def __init__(self, interrupts: Interrupts, events: EventSender) -> None:
        self._interrupts = interrupts
        self._events = events

    def run(self, handle: asyncio.Handle) -> None:
        """Runs one handle, as user code unless it is marked; SystemExit and KeyboardInterrupt end only its task.

        The handle's output belongs to the execution that has made the handle, its surroundings are those of the program.
        """
        switch_to(handle._context.get(current_program))  # type: ignore[attr-defined]
        self._events.own(handle._context.get(current_execution))  # type: ignore[attr-defined]
        try:
            if getattr(handle._callback, _OWN, False):  # type: ignore[attr-defined]
                with self._interrupts.own_code():
                    handle._run()
            else:
                self._interrupts.call_user_code(handle._run)
        except (SystemExit, KeyboardInterrupt):
            pass  # The task has the exception already, and a plain callback has nobody to report it to.
        finally:
            del handle  # `Interrupts.call_user_code` says the reason.
        self._events.flush()
        self._events.own(None)
