"""One execution, followed from its request to its record."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from .errors import CodeInterpreterError, ConnectionLost, RequestError
from .http_transport import HttpTransport
from .outputs import Execution, Output

#: The times that a lost connection is made again, and the seconds before each.
RECONNECTIONS = (0.1, 0.5, 1.0, 2.0, 5.0)


@dataclass(frozen=True)
class Listeners:
    """The functions that are called while the code runs."""

    on_stdout: Callable[[str], object] | None = None
    on_stderr: Callable[[str], object] | None = None
    on_output: Callable[[Output], object] | None = None
    on_input: Callable[[str, bool], str | None] | None = None


class Run:
    """One execution of a kernel, under an id that is chosen here so that it can be found again."""

    def __init__(self, http: HttpTransport, kernel_id: str) -> None:
        self.id = str(uuid.uuid4())
        self._http = http
        self._kernel_id = kernel_id
        self._path = f"/api/executions/{self.id}"

    def follow(
        self, code: str, listeners: Listeners, *, stdin: Sequence[str] | None, timeout: float | None
    ) -> Execution:
        """Runs the code and returns when it has ended. When a listener raises, the code is interrupted."""
        body: dict[str, Any] = {"code": code, "id": self.id}
        if stdin is not None:
            body["stdin"] = list(stdin)
        elif listeners.on_input is not None:
            body["allowStdin"] = True
        if timeout is not None:
            body["timeoutMs"] = max(1, round(timeout * 1000))
        try:
            for event in self._events(body):
                self._tell(event, listeners)
        except CodeInterpreterError:
            raise
        except BaseException:
            self._give_up()
            raise
        return Execution(self._http.send_json("GET", self._path))

    def interrupt(self) -> bool:
        """Interrupts the execution, or takes it out of the queue. False if the server does not know it."""
        try:
            self._http.send_json("DELETE", self._path)
        except RequestError as error:
            if error.status not in (404, 409):  # 409: it has ended.
                raise
            return error.status != 404
        return True

    def _events(self, body: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """Yields the events until `done`. A connection that breaks is made again after the last event."""
        seen = 0
        waits = iter(RECONNECTIONS)
        source = self._http.stream_lines("POST", f"/api/kernels/{quote(self._kernel_id, safe='')}/executions", body)
        while True:
            try:
                for event in source:
                    if event["type"] == "keepalive":
                        continue
                    seen = max(seen, event.get("seq", 0))
                    waits = iter(RECONNECTIONS)
                    yield event
                    if event["type"] == "done":
                        return
                raise ConnectionLost(f"The server at {self._http.url} ended a stream before its execution")
            except ConnectionLost:
                wait = next(waits, None)
                if wait is None:
                    raise
                time.sleep(wait)
            source = self._http.stream_lines("GET", self._path + "/events", query={"after": str(seen)})

    def _tell(self, event: dict[str, Any], listeners: Listeners) -> None:
        kind = event["type"]
        if kind == "stream":
            listener = listeners.on_stdout if event["name"] == "stdout" else listeners.on_stderr
            if listener is not None:
                listener(event["text"])
        elif kind in ("display_data", "update_display_data", "execute_result"):
            if listeners.on_output is not None:
                listeners.on_output(Output(event["data"], event.get("metadata") or {}))
        elif kind == "input_request" and listeners.on_input is not None:
            value = listeners.on_input(event.get("prompt", ""), bool(event.get("password")))
            self._http.send_json("POST", self._path + "/input", {"value": value})

    def _give_up(self) -> None:
        try:
            self.interrupt()
        except CodeInterpreterError:
            pass  # The caller learns why it stopped; an unreachable server cannot change that.
