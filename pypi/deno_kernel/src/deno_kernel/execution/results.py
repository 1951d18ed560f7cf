"""Shows the value of a cell, and keeps it as `_` and `Out[n]`."""

from __future__ import annotations

from typing import Any

from ..display.display_formatter import DisplayFormatter
from ..display.publisher import DisplayPublisher
from ..host.events import EventSender
from ..host.executions import Execution, current_execution
from ..host.json_text import quote, to_json
from .namespace import Namespace

_PLAIN = frozenset({int, float, str, bool, complex, bytes})


class ResultDisplay:
    """A `ResultDisplay` shows the values of cells; it is IPython's display hook."""

    def __init__(
        self, events: EventSender, namespace: Namespace, formatter: DisplayFormatter, publisher: DisplayPublisher
    ) -> None:
        self._events = events
        self._namespace = namespace
        self._formatter = formatter
        self._publisher = publisher

    def show(self, value: Any, execution: Execution) -> str:
        """Sends the execute_result and keeps the value.

        Returns the JSON of its data and metadata where a capture keeps them from being sent, otherwise `null`.
        """
        formatter = self._formatter
        data: dict[str, Any]
        metadata: dict[str, Any] = {}
        text = None if formatter.customised else _plain_repr(value)
        if text is not None:
            data = {"text/plain": text}
            pair = f'"data":{{"text/plain":{quote(text)}}},"metadata":{{}}'
        else:
            data, metadata = formatter.format(value)
            pair = f'"data":{to_json(data)},"metadata":{to_json(metadata) if metadata else "{}"}'
        if execution.store_history:
            self._namespace.record_output(execution.count, value)
            if execution.history is not None and data:
                execution.history.output = str(data.get("text/plain", ""))
        if not data:  # The object has displayed itself.
            return "null"
        if self._publisher.capturing:
            self._publisher.capture_result(data, metadata)
            return f"{{{pair}}}"
        self._events.send_text(
            f'{{"type":"execute_result","executionId":{execution.id_json},{pair},'
            f'"executionCount":{execution.count}}}'
        )
        return "null"

    def __call__(self, value: Any = None) -> None:
        """Replaces `sys.displayhook`, which code calls that is compiled in "single" mode."""
        if value is None:
            return
        execution = current_execution.get()
        if execution is not None:
            self.show(value, execution)
        else:
            print(repr(value))


def _plain_repr(value: Any) -> str | None:
    """Returns the repr of a value of the exact builtin types, which have no other form; None for other values."""
    if type(value) not in _PLAIN:
        return None
    try:
        return repr(value)
    except ValueError:  # An integer has more digits than Python converts; the formatter shows the exception.
        return None
