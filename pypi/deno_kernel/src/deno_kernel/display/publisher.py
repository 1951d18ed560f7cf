"""Publishes display data: to the host, or into a capture."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from ..host.events import EventSender
from .display_formatter import encoded


class CapturedOutput(NamedTuple):
    """A `CapturedOutput` is a display that was captured instead of sent."""

    output_type: str
    data: dict[str, Any]
    metadata: dict[str, Any]
    transient: dict[str, Any]


class DisplayPublisher:
    """A `DisplayPublisher` publishes MIME bundles.

    The functions in `before_capture_ends` are called before a capture ends, so that they can still add to it.
    """

    def __init__(self, events: EventSender) -> None:
        self._events = events
        self._captures: list[list[CapturedOutput]] = []
        self.before_capture_ends: list[Callable[[], None]] = []
        self._hooks: list[Callable[[dict[str, Any]], Any]] = []

    @property
    def capturing(self) -> bool:
        """True while a capture is under way."""
        return bool(self._captures)

    def publish(
        self,
        data: dict[str, Any],
        metadata: dict[str, Any] | None = None,
        source: str | None = None,
        *,
        transient: dict[str, Any] | None = None,
        update: bool = False,
        buffers: list[Any] | None = None,
        **others: Any,
    ) -> None:
        """Displays a bundle; with `update`, in the place of the display that has the same `display_id`."""
        if not isinstance(data, dict):
            raise TypeError(f"data must be a dict, not {type(data).__name__}")
        if metadata is not None and not isinstance(metadata, dict):
            raise TypeError(f"metadata must be a dict, not {type(metadata).__name__}")
        kind = "update_display_data" if update else "display_data"
        data = {mime: encoded(form) for mime, form in data.items()}
        output = CapturedOutput(kind, data, metadata or {}, transient or {})
        if self._captures:
            self._captures[-1].append(output)
            return
        content = {"data": output.data, "metadata": output.metadata, "transient": output.transient}
        for hook in self._hooks:
            message = hook({"header": {"msg_type": kind}, "msg_type": kind, "content": content})
            if message is None:
                return
            content = message["content"]
        self._events.send(kind, content)

    def register_hook(self, hook: Callable[[dict[str, Any]], Any]) -> None:
        """Has a function called with the message of each display, which it returns, or None to keep it from being sent."""
        self._hooks.append(hook)

    def unregister_hook(self, hook: Callable[[dict[str, Any]], Any]) -> bool:
        """Undoes `register_hook`; returns false if there was none."""
        if hook not in self._hooks:
            return False
        self._hooks.remove(hook)
        return True

    def clear_output(self, wait: bool = False) -> None:
        """Clears the output of the cell; with `wait`, only when the next output comes."""
        if self._captures:
            self._captures[-1].clear()
            return
        self._events.send("clear_output", {"wait": bool(wait)})

    def capture_result(self, data: dict[str, Any], metadata: dict[str, Any]) -> None:
        """Adds the value of a cell to the innermost capture."""
        self._captures[-1].append(CapturedOutput("display_data", data, metadata, {}))

    def start_capture(self) -> list[CapturedOutput]:
        """Begins a capture, and returns the list to which displays are added."""
        outputs: list[CapturedOutput] = []
        self._captures.append(outputs)
        return outputs

    def stop_capture(self, outputs: list[CapturedOutput]) -> None:
        """Ends the capture that `start_capture` began, after the functions in `before_capture_ends` were called."""
        for function in self.before_capture_ends:
            function()
        self._captures = [capture for capture in self._captures if capture is not outputs]
