"""Sends events to the host."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from .executions import Execution, current_execution
from .interrupts import Interrupts
from .json_text import quote, to_json
from .platform import Platform


class EventSender:
    """An `EventSender` sends events in order: the text that was printed earlier leaves first.

    Every event names the execution that it belongs to.
    """

    def __init__(self, platform: Platform, interrupts: Interrupts) -> None:
        self._platform = platform
        self._interrupts = interrupts
        self._streams = (sys.stdout, sys.stderr)

    def adopt_streams(self) -> None:
        """Takes the present sys.stdout and sys.stderr as the kernel's streams, and makes them accept any text."""
        self._streams = (sys.stdout, sys.stderr)
        for stream in self._streams:
            reconfigure = getattr(stream, "reconfigure", None)
            if reconfigure is not None:
                reconfigure(errors="backslashreplace", line_buffering=True)

    def flush(self) -> None:
        """Flushes stdout and stderr: those of the kernel, and those that the user has put in their place."""
        stdout, stderr = self._streams
        try:
            if sys.stdout is not stdout:
                sys.stdout.flush()
            if sys.stderr is not stderr:
                sys.stderr.flush()
        except Exception:  # The user's stream may raise anything.
            pass
        try:
            stdout.flush()
            stderr.flush()
        except Exception:  # The user has closed the stream.
            pass

    @contextmanager
    def caused_by(self, request_id: str) -> Iterator[None]:
        """Returns a context whose output belongs to a request that is no cell, such as a widget's message."""
        before = current_execution.get()
        token = current_execution.set(Execution({"id": request_id, "code": "", "silent": True}))
        self._own_streams(request_id)
        try:
            yield
        finally:
            self._own_streams(None if before is None else before.id)
            current_execution.reset(token)

    def _own_streams(self, execution_id: str | None) -> None:
        """Tells the host to which execution it should attribute printed text; None means the one that began last."""
        self.send_text(f'{{"type":"stream_owner","executionId":{to_json(execution_id)}}}', essential=True)

    def send(
        self,
        event_type: str,
        content: dict[str, Any],
        buffers: Sequence[bytes] | None = None,
        *,
        essential: bool = False,
    ) -> None:
        """Sends one event; values that JSON does not know are converted. An essential event is never dropped."""
        execution = current_execution.get()
        head = f'{{"type":{quote(event_type)}'
        if execution is not None:
            head += f',"executionId":{execution.id_json}'
        text = to_json(content)
        self.send_text(f"{head},{text[1:]}" if len(text) > 2 else head + "}", buffers, essential=essential)

    def send_text(
        self, text: str, buffers: Sequence[bytes] | None = None, *, essential: bool = False
    ) -> bool:
        """Sends one event that is JSON text already; a SIGINT is delivered only after the event has left.

        Returns false if the event was dropped, because the execution may not show more. An essential event is never
        dropped.
        """
        with self._interrupts.own_code():
            try:
                self.flush()
                size = len(text) + sum(map(len, buffers or ()))
                if not essential and not self._platform.admit(size):
                    return False
                self._platform.emit(text, buffers)
            except Exception as error:
                # Only the console is left to tell. The loss of an event must not make the cell fail.
                print(f"deno_kernel: an event was lost: {error!r}", file=sys.__stderr__)
        return True

    def admit(self, size: int) -> bool:
        """Returns true if the execution may show `size` more characters; otherwise the host counts them as dropped."""
        return self._platform.admit(size)
