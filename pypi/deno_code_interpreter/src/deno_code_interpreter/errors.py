"""The errors of this package."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .outputs import Execution


class CodeInterpreterError(Exception):
    """The base of all errors of this package."""


class StartError(CodeInterpreterError):
    """A server could not be started."""


class ConnectionLost(CodeInterpreterError):
    """The server cannot be reached, or the connection to it broke."""


class RequestError(CodeInterpreterError):
    """The server refused a request.

    `status` is the HTTP status, `code` the server's stable name of the error, and `details` lists the
    fields of the request that are wrong.
    """

    def __init__(self, status: int, code: str, message: str, details: list[Any]) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.details = details


class ExecutionError(CodeInterpreterError):
    """An execution did not end well; `execution` has its outputs and its status."""

    def __init__(self, execution: Execution) -> None:
        super().__init__(execution.error_text or f"The execution ended with status {execution.status}")
        self.execution = execution
