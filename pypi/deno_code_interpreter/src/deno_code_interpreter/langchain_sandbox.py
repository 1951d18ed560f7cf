"""langchain-sandbox's classes: `from deno_code_interpreter.langchain_sandbox import PyodideSandbox`."""

from __future__ import annotations

import ast
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Literal

from .aio import in_thread
from .errors import CodeInterpreterError
from .interpreter import CodeInterpreter
from .outputs import Execution

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")

#: A permission: all, none, or what these name.
Grant = bool | Sequence[str]


@dataclass(kw_only=True)
class CodeExecutionResult:
    """An execution in the form of langchain-sandbox and mcp-run-python."""

    #: The value of the last expression if its text is that of a literal or JSON, and otherwise the text.
    result: Any = None
    stdout: str | None = None
    #: What the code wrote to stderr, and the traceback or the reason when `status` is "error".
    stderr: str | None = None
    status: Literal["success", "error"]
    #: The duration in seconds.
    execution_time: float
    session_metadata: dict[str, Any] | None = None
    session_bytes: bytes | None = None

    @classmethod
    def of(cls, execution: Execution, execution_time: float) -> CodeExecutionResult:
        """Returns an execution in this form; it names no session."""
        trace = _COLOUR.sub("", "\n".join(execution.error["traceback"])) if execution.error else ""
        reason = "" if execution.ok else trace or execution.error_text or f"The execution ended: {execution.status}"
        return cls(
            result=_value(execution),
            stdout=execution.stdout or None,
            stderr=execution.stderr + reason or None,
            status="success" if execution.ok else "error",
            execution_time=execution_time,
        )


class SyncPyodideSandbox:
    """Runs code with the method of langchain-sandbox's class: each time in a new kernel, unless it is stateful.

    A stateful sandbox keeps the kernel of a session, and `session_bytes` names it. The kernels end with
    `close()`, with the block of a `with` statement, or with the server.
    """

    def __init__(
        self,
        *,
        stateful: bool = False,
        allow_env: Grant = False,
        allow_read: Grant = False,
        allow_write: Grant = False,
        allow_net: Grant = False,
        allow_run: Grant = False,
        allow_ffi: Grant = False,
        node_modules_dir: str = "auto",
        skip_deno_check: bool = False,
        url: str | None = None,
        token: str | None = None,
    ) -> None:
        """Does no input or output. `node_modules_dir` and `skip_deno_check` have no effect. The server is found
        as for `CodeInterpreter`, and refuses permissions that its settings do not allow."""
        self.stateful = stateful
        grants = {
            "env": allow_env,
            "read": allow_read,
            "write": allow_write,
            "net": allow_net,
            "run": allow_run,
            "ffi": allow_ffi,
        }
        self._permissions = {name: it if it is True else list(it) for name, it in grants.items() if it}
        self._server = (url, token)
        self._sessions: dict[bytes, CodeInterpreter] = {}

    def __enter__(self) -> SyncPyodideSandbox:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the kernels of all sessions. Safe to call again."""
        while self._sessions:
            self._sessions.popitem()[1].close()

    def execute(
        self,
        code: str,
        *,
        session_bytes: bytes | None = None,
        session_metadata: Mapping[str, Any] | None = None,
        timeout_seconds: float | None = None,
        memory_limit_mb: int | None = None,
    ) -> CodeExecutionResult:
        """Runs code. `session_bytes` of a stateful sandbox's result runs it in that session; the memory limit
        is that of a new kernel. Raises CodeInterpreterError if the server cannot run it."""
        began = time.monotonic()
        session = self._session(session_bytes, memory_limit_mb)
        kept = False
        try:
            execution = session.run(code, timeout=timeout_seconds)
            result = CodeExecutionResult.of(execution, time.monotonic() - began)
            if execution.status == "timeout":
                result.stderr = execution.stderr + f"Execution timed out after {timeout_seconds} seconds"
            if self.stateful:
                kernel_id = session.kernel_id
                self._sessions[kernel_id.encode()] = session
                result.session_bytes = kernel_id.encode()
                result.session_metadata = {**(session_metadata or {}), "kernel_id": kernel_id}
                kept = True
            return result
        finally:
            if not kept and session_bytes not in self._sessions:
                session.close()

    def _session(self, session_bytes: bytes | None, memory_limit_mb: int | None) -> CodeInterpreter:
        if session_bytes is not None:
            if not self.stateful:
                raise CodeInterpreterError("Cannot go on with a session: the sandbox is not stateful")
            known = self._sessions.get(session_bytes)
            # A session of another sandbox or program belongs to that one, which ends it.
            return known or CodeInterpreter(*self._server, kernel_id=session_bytes.decode())
        limits = {"memoryMiB": memory_limit_mb} if memory_limit_mb else None
        options = {"permissions": self._permissions} if self._permissions else None
        return CodeInterpreter(*self._server, limits=limits, options=options)


class PyodideSandbox(SyncPyodideSandbox):
    """`SyncPyodideSandbox` for asyncio."""

    async def __aenter__(self) -> PyodideSandbox:
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        await in_thread(self.close)

    async def execute(self, code: str, **options: Any) -> CodeExecutionResult:  # type: ignore[override]
        """Runs code as `SyncPyodideSandbox.execute` does."""
        return await in_thread(super().execute, code, **options)


def _value(execution: Execution) -> Any:
    if execution.result is None:
        return None
    if "application/json" in execution.result.data:
        return execution.result.data["application/json"]
    try:
        return ast.literal_eval(execution.text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return execution.text
