"""Events on their way to the host."""

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
    """Sends events, each after what was printed before it, each with the execution it belongs to."""

    def __init__(self, platform: Platform, interrupts: Interrupts) -> None:
        self._platform = platform
        self._interrupts = interrupts
        self._streams = (sys.stdout, sys.stderr)

    def adopt_streams(self) -> None:
        """Takes the present sys.stdout and sys.stderr as the kernel's own, and makes them safe to write any text to."""
        self._streams = (sys.stdout, sys.stderr)
        for stream in self._streams:
            reconfigure = getattr(stream, "reconfigure", None)
            if reconfigure is not None:
                reconfigure(errors="backslashreplace", line_buffering=True)

    def flush(self) -> None:
        """Writes out what Python still buffers of stdout and stderr."""
        stdout, stderr = self._streams
        try:
            if sys.stdout is not stdout:
                sys.stdout.flush()
            if sys.stderr is not stderr:
                sys.stderr.flush()
        except Exception:  # whatever a user put there
            pass
        try:
            stdout.flush()
            stderr.flush()
        except Exception:  # closed by the user
            pass

    @contextmanager
    def caused_by(self, request_id: str) -> Iterator[None]:
        """Whatever is shown meanwhile belongs to a request that is no cell, such as a widget's message."""
        before = current_execution.get()
        token = current_execution.set(Execution({"id": request_id, "code": "", "silent": True}))
        self._own_streams(request_id)
        try:
            yield
        finally:
            self._own_streams(None if before is None else before.id)
            current_execution.reset(token)

    def _own_streams(self, execution_id: str | None) -> None:
        """What is printed from here on belongs to an execution; None: to the one that was begun last."""
        self.send_text(f'{{"type":"stream_owner","executionId":{to_json(execution_id)}}}', essential=True)

    def send(
        self,
        event_type: str,
        content: dict[str, Any],
        buffers: Sequence[bytes] | None = None,
        *,
        essential: bool = False,
    ) -> None:
        """Sends one event; its content is made fit for JSON."""
        execution = current_execution.get()
        head = f'{{"type":{quote(event_type)}'
        if execution is not None:
            head += f',"executionId":{execution.id_json}'
        text = to_json(content)
        self.send_text(f"{head},{text[1:]}" if len(text) > 2 else head + "}", buffers, essential=essential)

    def send_text(
        self, text: str, buffers: Sequence[bytes] | None = None, *, essential: bool = False
    ) -> bool:
        """Sends one event that is JSON already; a SIGINT meanwhile strikes after it.

        Answers false for one that shows more than the execution may; an essential one is always sent.
        """
        with self._interrupts.own_code():
            try:
                self.flush()
                size = len(text) + sum(map(len, buffers or ()))
                if not essential and not self._platform.admit(size):
                    return False
                self._platform.emit(text, buffers)
            except Exception as error:
                # Nobody is left to be told but the console; an event lost must not become a cell failed.
                print(f"deno_kernel: an event was lost: {error!r}", file=sys.__stderr__)
        return True

    def admit(self, size: int) -> bool:
        """Whether so much may still be shown by this execution; what may not is counted as dropped."""
        return self._platform.admit(size)
