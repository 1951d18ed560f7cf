"""The record of an execution, and the execution to which the running code belongs."""

from __future__ import annotations

import asyncio
from contextvars import ContextVar
from typing import Any

from .json_text import quote


class HistoryEntry:
    """A `HistoryEntry` is a stored cell: `raw` as typed, `source` as Python, `output` as the text of its value."""

    __slots__ = ("line", "output", "raw", "source")

    def __init__(self, line: int, raw: str) -> None:
        self.line = line
        self.raw = raw
        self.source = raw
        self.output: str | None = None


class Execution:
    """An `Execution` is a request to run a cell, with its state."""

    __slots__ = (
        "allow_stdin", "code", "count", "filename", "finished", "history", "id", "id_json", "interruption", "payload",
        "silent", "store_history", "task", "user_expressions",
    )

    def __init__(self, request: dict[str, Any]) -> None:
        self.id: str = str(request["id"])
        self.id_json: str = quote(self.id)
        self.code: str = request["code"]
        if not isinstance(self.code, str):
            raise TypeError("code must be a string")
        self.silent: bool = bool(request.get("silent", False))
        self.store_history: bool = bool(request.get("storeHistory", True)) and not self.silent
        self.user_expressions: dict[str, str] = request.get("userExpressions") or {}
        self.allow_stdin: bool = bool(request.get("allowStdin", False))
        self.count: int = 0
        self.filename: str = ""
        self.history: HistoryEntry | None = None
        self.payload: list[dict[str, Any]] = []
        self.task: asyncio.Task[Any] | None = None
        self.interruption: BaseException | None = None
        self.finished: bool = False


current_execution: ContextVar[Execution | None] = ContextVar("deno_kernel_execution", default=None)
"""The execution whose cell, or whose background task, is running."""
