"""CodeRunner's class: `from deno_code_interpreter.coderunner import CodeRunner`."""

from __future__ import annotations

import logging
from types import TracebackType
from typing import Any

from .commands import Commands
from .errors import CodeInterpreterError

logger = logging.getLogger(__name__)


class CodeRunnerError(CodeInterpreterError):
    """The base of the errors of `CodeRunner`."""


class SessionError(CodeRunnerError):
    """A session could not be started."""


class ExecutionError(CodeRunnerError):
    """A command could not be run. An exception in the code is no such error: it is in `stderr`."""


class CodeRunner:
    """Runs commands in a session, with the methods of CodeRunner's client."""

    def __init__(self, auto_start: bool = True, base_url: str | None = None, isolated: bool = True) -> None:
        """`base_url` is the server. `auto_start` and `isolated` have no effect: servers are found or started
        as for `CodeInterpreter`, and each session has kernels of its own."""
        self._commands = Commands(base_url, None)

    def __enter__(self) -> CodeRunner:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.cleanup()

    @property
    def session_id(self) -> str | None:
        """The id of the session, if one has started."""
        return self._commands.session_id

    def execute(self, code: str, language: str = "python", timeout: float = 30) -> dict[str, Any]:
        """Runs code and returns `stdout`, `stderr`, `execution_time`, `cpu_time` and `session_id`."""
        return self._submit("/execute", code, language, timeout)

    def execute_async(self, code: str, language: str = "python", timeout: float = 30) -> str:
        """Starts code and returns the id of its task."""
        return str(self._submit("/execute_async", code, language, timeout)["task_id"])

    def get_task_status(self, task_id: str) -> dict[str, Any]:
        """Returns a task: its `status`, and its `result` when it has ended."""
        try:
            return self._commands.task(task_id)
        except CodeInterpreterError as error:
            raise ExecutionError(str(error)) from error

    def start_session(self) -> str:
        """Starts another session and returns its id."""
        try:
            return self._commands.start_session()
        except CodeInterpreterError as error:
            raise SessionError(str(error)) from error

    def close_session(self) -> None:
        """Ends the session if there is one. A failure is logged and not raised."""
        try:
            self._commands.end_session()
        except CodeInterpreterError as error:
            logger.warning("Cannot close the session: %s", error)

    def cleanup(self) -> None:
        """Ends the session."""
        self.close_session()

    def is_session_active(self) -> bool:
        """Returns true if the session is there on the server."""
        if self.session_id is None:
            return False
        try:
            return bool(self._commands.session(self.session_id))
        except CodeInterpreterError:
            return False

    def list_sessions(self) -> dict[str, Any]:
        """Returns all sessions, as `sessions` by id."""
        return self._get("/sessions")

    def get_health(self) -> dict[str, Any]:
        """Returns the health of the server."""
        return self._get("/health")

    def get_supported_languages(self) -> dict[str, Any]:
        """Returns the languages with their aliases."""
        return self._get("/languages")

    def _submit(self, path: str, code: str, language: str, timeout: float) -> dict[str, Any]:
        if self.session_id is None:
            self.start_session()
        try:
            return self._commands.submit(path, code, language, timeout)
        except CodeInterpreterError as error:
            raise ExecutionError(str(error)) from error

    def _get(self, path: str) -> dict[str, Any]:
        try:
            answer: dict[str, Any] = self._commands.send("GET", path)
        except CodeInterpreterError as error:
            raise CodeRunnerError(str(error)) from error
        return answer
