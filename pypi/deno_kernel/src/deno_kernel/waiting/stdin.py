"""input() and getpass() ask the client that runs the cell."""

from __future__ import annotations

import asyncio
import warnings
from typing import Any

from ..host.events import EventSender
from ..host.executions import current_execution
from .waits import Waits

_MAX_PROMPT = 10_000


class StdinNotImplementedError(NotImplementedError):
    """A `StdinNotImplementedError` is raised by input() when no client can answer."""


class StdinRequests:
    """A `StdinRequests` has the open questions by id; each is a future that `reply` resolves."""

    def __init__(self, events: EventSender, waits: Waits) -> None:
        self._events = events
        self._waits = waits
        self._open: dict[str, asyncio.Future[str | None]] = {}
        self._asked = 0

    def input(self, prompt: object = "") -> str:
        """Replaces the builtin `input`."""
        return self._answer(str(prompt), password=False)

    def getpass(self, prompt: str = "Password: ", stream: Any = None, **options: Any) -> str:
        """Replaces `getpass.getpass`; a stream has no effect, because no terminal exists."""
        if stream is not None:
            warnings.warn("The stream of getpass() has no effect here: the client shows the prompt", stacklevel=2)
        return self._answer(str(prompt), password=True)

    # Python's messages about wrong arguments name the functions as the user knows them.
    input.__qualname__, getpass.__qualname__ = "input", "getpass"

    def _answer(self, prompt: str, *, password: bool) -> str:
        value = self.ask(prompt, password=password)
        if value is None:
            raise EOFError("EOF when reading a line")
        return value

    def ask(self, prompt: str, *, password: bool = False) -> str | None:
        """Asks the client, waits, and returns the answer; None if the client has closed the input."""
        execution = current_execution.get()
        if execution is None or not execution.allow_stdin:
            raise StdinNotImplementedError(
                "Cannot ask for input: this execution was started without allowing it (allowStdin)"
            )
        if execution.finished:
            raise StdinNotImplementedError("Cannot ask for input: the cell has ended, and a client answers no more")
        if not self._waits.can_wait():
            raise StdinNotImplementedError("Cannot ask for input: this code runs where Python cannot wait")
        self._take_turn()
        self._asked += 1
        request_id = f"{execution.id}:{self._asked}"
        future: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
        self._open[request_id] = future
        try:
            question = {"requestId": request_id, "prompt": prompt[:_MAX_PROMPT], "password": password}
            self._events.send("input_request", question, essential=True)
            return self._waits.wait(future)
        except KeyboardInterrupt as error:
            if error.args:
                raise
            raise KeyboardInterrupt("Interrupted by user") from None
        finally:
            self._open.pop(request_id, None)
            future.cancel()  # Ends an interrupted question also for the callers that wait to ask the next one.

    def _take_turn(self) -> None:
        """Waits until no other question is open: tasks may ask side by side, and a client answers one question."""
        while open_questions := [future for future in self._open.values() if not future.done()]:
            turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            open_questions[0].add_done_callback(lambda _, turn=turn: turn.done() or turn.set_result(None))
            self._waits.wait(turn)

    def reply(self, request_id: str, value: str | None) -> bool:
        """Resolves a question with the client's answer; returns false if no such question is open."""
        future = self._open.get(request_id)
        if future is None or future.done():
            return False
        future.set_result(None if value is None else str(value))
        return True
