"""InstaVM's class: `from deno_code_interpreter.instavm import InstaVM`.

It has the methods that run code. Machines, files, browsers and vaults are InstaVM's alone.
"""

from __future__ import annotations

import time
from types import TracebackType
from typing import Any

from .commands import Commands
from .errors import CodeInterpreterError


class InstaVMError(CodeInterpreterError):
    """The base of the errors of `InstaVM`."""


class SessionError(InstaVMError):
    """A session could not be started, or there is none."""


class ExecutionError(InstaVMError):
    """A command could not be run. An exception in the code is no such error: it is in `stderr`."""


class InstaVM:
    """Runs commands in a session, with the methods of InstaVM's client."""

    def __init__(
        self,
        api_key: str | None = None,
        base_url: str | None = None,
        timeout: float = 300,
        *,
        auto_start_session: bool = True,
    ) -> None:
        """`api_key` is a token of the server at `base_url`, which is found as for `CodeInterpreter` if there is
        none. `timeout`, in seconds, holds for commands that name no other."""
        self._commands = Commands(base_url, api_key)
        self._timeout = timeout
        if auto_start_session:
            self.start_session()

    def __enter__(self) -> InstaVM:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close_session()

    @property
    def session_id(self) -> str | None:
        """The id of the session, if there is one."""
        return self._commands.session_id

    def start_session(self) -> str:
        """Starts a session and returns its id."""
        try:
            return self._commands.start_session()
        except CodeInterpreterError as error:
            raise SessionError(str(error)) from error

    def execute(self, command: str, language: str | None = None, timeout: float | None = None) -> dict[str, Any]:
        """Runs a command and returns `stdout`, `stderr`, `execution_time`, `cpu_time` and `session_id`."""
        return self._submit("/execute", command, language, timeout)

    def execute_async(
        self, command: str, language: str | None = None, timeout: float | None = None
    ) -> dict[str, Any]:
        """Starts a command and returns its `task_id` and `status`."""
        return self._submit("/execute_async", command, language, timeout)

    def get_task_result(self, task_id: str, poll_interval: float = 1, timeout: float = 60) -> dict[str, Any]:
        """Waits for a task and returns its `stdout` and `stderr`.

        Raises TimeoutError after `timeout` seconds, and ExecutionError if the task failed or is unknown.
        """
        deadline = time.monotonic() + timeout
        while True:
            try:
                task = self._commands.task(task_id)
            except CodeInterpreterError as error:
                raise ExecutionError(str(error)) from error
            if task["status"] in ("completed", "failed"):
                if task["result"] is None:
                    raise ExecutionError(task["error"] or f"Task {task_id} failed")
                return task["result"]
            if time.monotonic() > deadline:
                raise TimeoutError(f"Task {task_id} has not ended within {timeout:g} s")
            time.sleep(poll_interval)

    def get_session_info(self, session_id: str | None = None) -> dict[str, Any]:
        """Describes a session, by default this client's."""
        try:
            return self._commands.session(session_id or self._named_session())
        except CodeInterpreterError as error:
            raise SessionError(str(error)) from error

    def is_session_active(self) -> bool:
        """Whether the session is there on the server."""
        try:
            return bool(self.get_session_info())
        except SessionError:
            return False

    def close_session(self) -> bool:
        """Ends the session; false if there was none, or it could not be ended."""
        if self.session_id is None:
            return False
        try:
            self._commands.end_session()
        except CodeInterpreterError:
            return False
        return True

    def _submit(self, path: str, command: str, language: str | None, timeout: float | None) -> dict[str, Any]:
        self._named_session()
        try:
            return self._commands.submit(path, command, language, self._timeout if timeout is None else timeout)
        except CodeInterpreterError as error:
            raise ExecutionError(str(error)) from error

    def _named_session(self) -> str:
        if self.session_id is None:
            raise SessionError("There is no session: call start_session()")
        return self.session_id
