"""Waits inside synchronous code that an interrupt can end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any

from ..host.events import EventSender
from ..host.executions import Execution, current_execution
from ..host.interrupts import Interrupts
from ..host.platform import Platform
from ..host.programs import current_program, switch_to


_MAX_SECONDS = 2**63 / 1e9
"""More is no time for CPython, which counts nanoseconds in 64 bits."""


def check_time(seconds: float) -> None:
    """Raises what `time.sleep` raises for a number that is no time to sleep."""
    if seconds != seconds:
        raise ValueError("Invalid value NaN (not a number)")
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    if seconds >= _MAX_SECONDS:
        raise OverflowError("timestamp too large to convert to C PyTime_t")


class PendingWait:
    """A `PendingWait` is a wait for `future` by code of `execution`, inside of `task`."""

    __slots__ = ("execution", "future", "interruption", "program", "task")

    def __init__(
        self, execution: Execution | None, task: asyncio.Task[Any] | None, future: asyncio.Future[Any]
    ) -> None:
        self.execution = execution
        self.task = task
        self.future = future
        self.program = current_program.get()
        self.interruption: BaseException | None = None

    def interrupt(self, interruption: BaseException) -> None:
        """Ends the wait, which then raises the exception."""
        self.interruption = interruption
        self.future.cancel()


def _wake(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)


def _current_task() -> asyncio.Task[Any] | None:
    try:
        return asyncio.current_task()
    except RuntimeError:  # No event loop is running.
        return None


class Waits:
    """A `Waits` has the pending waits of `time.sleep`, `input` and `run_sync`, in the order in which they began."""

    def __init__(self, platform: Platform, events: EventSender, interrupts: Interrupts) -> None:
        self._platform = platform
        self._events = events
        self._interrupts = interrupts
        self._pending: list[PendingWait] = []

    def can_wait(self) -> bool:
        """Returns true if synchronous code may wait at this moment."""
        return self._platform.can_wait()

    def wait(self, awaitable: Awaitable[Any]) -> Any:
        """Waits for an awaitable and returns its result; raises KeyboardInterrupt if an interrupt ends the wait."""
        with self._interrupts.own_code():
            self._events.flush()
            future = asyncio.ensure_future(awaitable)
            entry = PendingWait(current_execution.get(), _current_task(), future)
            self._pending.append(entry)
            try:
                return self._platform.wait(future)
            except asyncio.CancelledError:
                if entry.interruption is None:
                    raise
                interruption, entry.interruption = entry.interruption, None
            finally:
                self._events.own(entry.execution)  # Code of other executions and programs has run meanwhile.
                switch_to(entry.program)
                self._pending.remove(entry)
                if entry.interruption is not None:  # The result came before the interrupt, which must not be lost.
                    self._interrupts.noted = True
            # Raised here, the interruption has the exception as its context that user code handles, and no other.
            raise interruption

    def sleep(self, seconds: float) -> None:
        """Replaces `time.sleep`."""
        check_time(seconds)
        loop = asyncio.get_running_loop()
        future = loop.create_future()
        timer = loop.call_later(seconds, _wake, future)
        try:
            self.wait(future)
        finally:
            timer.cancel()

    def innermost(self, execution: Execution) -> PendingWait | None:
        """Returns the innermost wait of an execution's own code; None if that code does not wait here."""
        task = execution.task
        found: PendingWait | None = None
        # A wait for a coroutine runs it as a task, which may wait too. This follows that chain inwards, past the
        # waits of unrelated background tasks.
        while entry := self._wait_in(execution, task):
            found = entry
            if not isinstance(entry.future, asyncio.Task) or entry.future is task:
                break
            task = entry.future
        return found

    def end_in(self, task: asyncio.Task[Any]) -> None:
        """Ends the wait of a task that was cancelled because its execution is interrupted.

        asyncio cancels a task where it awaits. One that waits inside synchronous code would keep all waiting that
        await it.
        """
        for entry in reversed(self._pending):
            if entry.task is task:
                if entry.execution is not None and entry.execution.interruption is not None:
                    entry.future.cancel()
                break

    def end_program(self, program: object, ending: BaseException) -> None:
        """Ends the innermost wait of a program, which then raises an exception."""
        for entry in reversed(self._pending):
            if entry.program is program:
                entry.interrupt(ending)
                break

    def _wait_in(self, execution: Execution, task: asyncio.Task[Any] | None) -> PendingWait | None:
        for entry in reversed(self._pending):
            if entry.execution is execution and entry.task is task:
                return entry
        return None
