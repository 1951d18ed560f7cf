"""The results of executions."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .errors import ExecutionError

_BINARY = ("image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf")


@dataclass(frozen=True)
class Output:
    """Something that code showed: its forms by MIME type, as in the notebook format.

    Notebooks show an `Output` in the richest form that they know.
    """

    data: Mapping[str, Any]
    metadata: Mapping[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The plain text, or an empty string."""
        return str(self.data.get("text/plain", ""))

    @property
    def html(self) -> str | None:
        """The HTML, if there is any."""
        return self.data.get("text/html")

    @property
    def png(self) -> bytes | None:
        """The bytes of the PNG image, if there is one."""
        return self.decoded("image/png") if "image/png" in self.data else None

    def decoded(self, mime: str) -> bytes:
        """Returns one form as bytes. Raises KeyError if there is no such form."""
        value = str(self.data[mime])
        return base64.b64decode(value) if mime in _BINARY else value.encode()

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> tuple[dict[str, Any], dict[str, Any]]:
        return dict(self.data), dict(self.metadata)


@dataclass(frozen=True)
class Execution:
    """One cell that ran: what it wrote, what it showed, and how it ended.

    Notebooks show the value of its last expression, or else what it displayed last, or else what it wrote.
    """

    #: The record of the execution, as the HTTP API answers with it.
    record: Mapping[str, Any]

    @property
    def id(self) -> str:
        """The id of the execution."""
        return str(self.record["id"])

    @property
    def status(self) -> str:
        """`ok`, `error`, `aborted`, `timeout` or `lost`."""
        return str(self.record["status"])

    @property
    def ok(self) -> bool:
        """True if the code ran to its end."""
        return self.status == "ok"

    @property
    def stdout(self) -> str:
        """The text that the code wrote to stdout."""
        return self._stream("stdout")

    @property
    def stderr(self) -> str:
        """The text that the code wrote to stderr."""
        return self._stream("stderr")

    @property
    def outputs(self) -> list[Output]:
        """The objects that the code displayed, and last the value of its last expression."""
        return [
            Output(it["data"], it.get("metadata") or {})
            for it in self.record["outputs"]
            if it["output_type"] in ("display_data", "execute_result")
        ]

    @property
    def result(self) -> Output | None:
        """The value of the last expression, if it has one."""
        result = self.record.get("result")
        return None if result is None else Output(result["data"], result.get("metadata") or {})

    @property
    def text(self) -> str:
        """The plain text of the result, or an empty string."""
        return "" if self.result is None else self.result.text

    @property
    def error(self) -> Mapping[str, Any] | None:
        """The exception that ended the code, as `ename`, `evalue` and the lines of its `traceback`."""
        return self.record.get("error")

    @property
    def error_text(self) -> str:
        """The exception in one line, or an empty string."""
        return "" if self.error is None else ": ".join(filter(None, [self.error["ename"], self.error["evalue"]]))

    def raise_for_error(self) -> Execution:
        """Returns this execution if it ended well, and raises ExecutionError if not."""
        if not self.ok:
            raise ExecutionError(self)
        return self

    def _stream(self, name: str) -> str:
        outputs = self.record["outputs"]
        return "".join(it["text"] for it in outputs if it["output_type"] == "stream" and it["name"] == name)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> tuple[dict[str, Any], dict[str, Any]]:
        shown = self.result or next(reversed(self.outputs), None)
        if shown is not None:
            return shown._repr_mimebundle_()
        return {"text/plain": (self.stdout + self.stderr) or self.error_text or f"<Execution: {self.status}>"}, {}
