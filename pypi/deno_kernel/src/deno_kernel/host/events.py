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
        self._owner: Execution | None = None

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
        with self.code_of(Execution({"id": request_id, "code": "", "silent": True})):
            yield

    @contextmanager
    def code_of(self, execution: Execution | None) -> Iterator[None]:
        """Returns a context whose output belongs to an execution, although other code calls."""
        before = self._owner
        token = current_execution.set(execution)
        self.own(execution)
        try:
            yield
        finally:
            self.own(before)
            current_execution.reset(token)

    def own(self, execution: Execution | None) -> None:
        """Makes text that is printed from here on an execution's; None means the one that began last.

        Code of several executions takes turns in one interpreter. Whoever gives the turn to code calls this: text on
        its way out carries no sign of the code that printed it.
        """
        if execution is self._owner:
            return
        with self._interrupts.own_code():
            self.flush()
            self._owner = execution
            self._platform.own(None if execution is None else execution.id)

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
