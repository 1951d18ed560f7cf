"""InstaVM's class: `from deno_code_interpreter.instavm import InstaVM`.

It has the methods of sessions: they run code and carry files. Machines, browsers and vaults are InstaVM's alone.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any
from urllib.parse import quote

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
        max_retries: int = 0,
        local: bool = False,
        local_url: str | None = None,
        cpu_count: int | None = None,
        memory_mb: int | None = None,
        env: dict[str, Any] | None = None,
        metadata: dict[str, Any] | None = None,
        auto_start_session: bool = True,
    ) -> None:
        """`api_key` is a token of the server at `base_url` (with `local`, at `local_url`), which is found as for
        `CodeInterpreter` if there is none. `timeout`, in seconds, holds for commands that name no other.
        `memory_mb`, `env` and `metadata` are those of the session. `max_retries` and `cpu_count` have no effect:
        what has run is not run again, and a kernel computes on one processor."""
        self._commands = Commands(local_url if local else base_url, api_key)
        self._timeout = timeout
        wishes = {"memory_mb": memory_mb, "env": env, "metadata": metadata}
        self._wishes = {name: value for name, value in wishes.items() if value is not None}
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
            return self._commands.start_session(self._wishes)
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

    def execute_streaming(
        self, command: str, on_output: Callable[[str], object] | None = None
    ) -> Iterator[str]:
        """Runs a command and yields all of its output at once, as InstaVM's client does.

        `CodeInterpreter.run` has listeners that hear of output while code runs.
        """
        result = self.execute(command)
        output = str(result["stdout"]) + str(result["stderr"])
        if on_output is not None:
            on_output(output)
        yield output

    def upload_file(self, file_path: str, remote_path: str, recursive: bool = False) -> dict[str, Any]:
        """Writes a file of this machine into the session; its directories are made. `recursive` has no effect.

        Relative paths begin in `/app`, which the languages of a session share.
        """
        session_id = self._named_session()
        try:
            with open(file_path, "rb") as file:
                content = file.read()
        except FileNotFoundError as error:
            raise InstaVMError(f"File not found: {file_path}") from error
        fields = {"remote_path": remote_path, "session_id": session_id}
        try:
            return self._commands.upload(os.path.basename(file_path), content, fields)
        except CodeInterpreterError as error:
            raise InstaVMError(str(error)) from error

    def download_file(self, filename: str, local_path: str | None = None) -> dict[str, Any]:
        """Reads a file of the session: into a file of this machine, or as `content`. Returns its `size` too."""
        session_id = self._named_session()
        try:
            content = self._commands.download(filename, session_id)
        except CodeInterpreterError as error:
            raise InstaVMError(str(error)) from error
        result = {"status": "success", "filename": filename, "size": len(content)}
        if local_path is None:
            return {**result, "content": content}
        with open(local_path, "wb") as file:
            file.write(content)
        return {**result, "local_path": local_path}

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
                result: dict[str, Any] = task["result"]
                return result
            if time.monotonic() > deadline:
                raise TimeoutError(f"Task {task_id} has not ended within {timeout:g} s")
            time.sleep(poll_interval)

    def get_session_info(self, session_id: str | None = None) -> dict[str, Any]:
        """Describes a session, by default this client's."""
        try:
            return self._commands.session(session_id or self._named_session())
        except CodeInterpreterError as error:
            raise SessionError(str(error)) from error

    def get_session_status(self, session_id: str | None = None) -> dict[str, Any]:
        """Describes a session, by default this client's, with its `vm_status`."""
        return self._describe("/v1/sessions/status/", session_id)

    def get_usage(self) -> dict[str, Any]:
        """Returns what the session's commands have used: `commands`, `execution_time` and `cpu_time`."""
        return self._describe("/v1/sessions/usage/", None)

    def kill(self, session_id: str | None = None) -> dict[str, Any]:
        """Ends a session, by default this client's."""
        ended = session_id or self._named_session()
        try:
            answer = self._commands.send("POST", "/kill", {"session_id": ended})
        except CodeInterpreterError as error:
            raise SessionError(str(error)) from error
        if ended == self.session_id:
            self._commands.session_id = None
        return dict(answer)

    def is_session_active(self) -> bool:
        """Returns true if the session is there on the server."""
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

    def _describe(self, path: str, session_id: str | None) -> dict[str, Any]:
        try:
            return dict(self._commands.send("GET", path + quote(session_id or self._named_session(), safe="")))
        except CodeInterpreterError as error:
            raise SessionError(str(error)) from error

    def _named_session(self) -> str:
        if self.session_id is None:
            raise SessionError("There is no session: call start_session()")
        return self.session_id
