"""The calls of tools that wait for the host's answers."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Generator
from contextvars import copy_context
from json import dumps, loads
from typing import Any

from ..host.events import EventSender
from ..host.executions import current_execution
from ..waiting.waits import Waits

_MAX_ARGUMENTS = 1024 * 1024
_MAX_SENT = 64
"""The host refuses more calls at a time; further ones wait here."""


class ToolError(Exception):
    """A `ToolError` is raised by a tool that fails, or that does not answer in time."""


class ToolCall:
    """A `ToolCall` is a call that was sent: await it, or call `result()`, for the answer."""

    def __init__(self, name: str, future: asyncio.Future[Any], waits: Waits) -> None:
        self._name = name
        self._future = future
        self._waits = waits

    def __await__(self) -> Generator[Any, None, Any]:
        return self._future.__await__()

    def result(self) -> Any:
        """Waits for the answer and returns it; raises `ToolError` if the tool fails."""
        if self._future.done():
            return self._future.result()
        if not self._waits.can_wait():
            raise RuntimeError(f"Cannot wait for tools.{self._name} here: await the call")
        return self._waits.wait(self._future)

    def done(self) -> bool:
        """Returns true if the answer is there."""
        return self._future.done()

    def __repr__(self) -> str:
        state = "is answered" if self.done() else "waits for its answer"
        return f"<call of tools.{self._name} that {state}: await it, or call result()>"


class ToolCalls:
    """A `ToolCalls` has the open calls by id; each is a future that `reply` resolves."""

    def __init__(self, events: EventSender, waits: Waits) -> None:
        self._events = events
        self._waits = waits
        self._open: dict[str, asyncio.Future[Any]] = {}
        self._waiting: deque[Callable[[], None]] = deque()
        self._called = 0

    def call(self, name: str, arguments: dict[str, Any]) -> ToolCall:
        """Sends a call to the host, now or when others are answered; raises TypeError for arguments that are no JSON, ValueError for too many."""
        text = dumps(arguments, allow_nan=False)
        if len(text) > _MAX_ARGUMENTS:
            raise ValueError(f"the arguments of tools.{name} have more than {_MAX_ARGUMENTS} characters of JSON")
        self._called += 1
        execution = current_execution.get()
        request_id = f"{'' if execution is None else execution.id}:tool:{self._called}"
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        content = {"requestId": request_id, "name": name, "arguments": loads(text)}
        context = copy_context()  # The event belongs to the execution that calls, whenever it is sent.

        def send() -> None:
            if not future.done():
                self._open[request_id] = future
                future.add_done_callback(lambda _: self._close(request_id))
                context.run(self._events.send, "tool_call", content, essential=True)

        if len(self._open) < _MAX_SENT:
            send()
        else:
            self._waiting.append(send)
        return ToolCall(name, future, self._waits)

    def _close(self, request_id: str) -> None:
        self._open.pop(request_id, None)
        while self._waiting and len(self._open) < _MAX_SENT:
            self._waiting.popleft()()

    def reply(self, request_id: str, outcome: dict[str, Any]) -> bool:
        """Resolves a call with the host's answer; returns false if no such call is open."""
        future = self._open.get(request_id)
        if future is None or future.done():
            return False
        if "error" in outcome:
            future.set_exception(ToolError(str(outcome["error"])))
        else:
            future.set_result(outcome.get("value"))
        return True
