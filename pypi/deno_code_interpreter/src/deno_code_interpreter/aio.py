"""The client for asyncio's programs: the same requests, each in a thread of its own."""

from __future__ import annotations

import asyncio
import inspect
import os
import threading
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, ParamSpec, TypeVar

from .errors import CodeInterpreterError
from .files import Entries, Files
from .interpreter import CodeInterpreter
from .outputs import Execution, Output
from .runs import Listeners, Run

P = ParamSpec("P")
T = TypeVar("T")

#: The seconds between two attempts to interrupt an execution that the server does not know yet.
INTERRUPT_INTERVAL = 0.1


def in_thread(function: Callable[P, T], *args: P.args, **options: P.kwargs) -> asyncio.Future[T]:
    """Calls a function in a new thread.

    asyncio's own threads are few: as many runs that wait would leave none by which to interrupt them.
    """
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def settle(result: T | None, error: BaseException | None) -> None:
        if future.done():
            return
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(result)  # type: ignore[arg-type]

    def call() -> None:
        result, error = None, None
        try:
            result = function(*args, **options)
        except BaseException as caught:
            error = caught
        try:
            loop.call_soon_threadsafe(settle, result, error)
        except RuntimeError:
            pass  # The loop is closed, so nobody waits.

    threading.Thread(target=call, daemon=True).start()
    return future


class AsyncFiles:
    """`Files` for asyncio."""

    def __init__(self, files: Files) -> None:
        self._files = files

    async def list(self, path: str = ".") -> Entries:
        """Lists a directory: for each entry its `name`, `path`, `type`, `size` and `modified`."""
        return await in_thread(self._files.list, path)

    async def stat(self, path: str) -> dict[str, Any]:
        """Describes a file, or a directory with its `entries`."""
        return await in_thread(self._files.stat, path)

    async def read(self, path: str) -> bytes:
        """Returns the content of a file."""
        return await in_thread(self._files.read, path)

    async def write(self, path: str, content: bytes | str) -> None:
        """Writes a file; text is written as UTF-8."""
        await in_thread(self._files.write, path, content)

    async def upload(self, local: str | os.PathLike[str], path: str | None = None) -> None:
        """Copies a file of this machine to the kernel, by default under its own name."""
        await in_thread(self._files.upload, local, path)

    async def download(self, path: str, local: str | os.PathLike[str] | None = None) -> Path:
        """Copies a file of the kernel to this machine, by default under its own name, and returns its path."""
        return await in_thread(self._files.download, path, local)

    async def make_directory(self, path: str) -> None:
        """Makes a directory."""
        await in_thread(self._files.make_directory, path)

    async def rename(self, path: str, new_path: str) -> None:
        """Renames or moves a file or directory."""
        await in_thread(self._files.rename, path, new_path)

    async def remove(self, path: str, *, recursive: bool = False) -> None:
        """Removes a file, or a directory, which must be empty unless `recursive` is true."""
        await in_thread(self._files.remove, path, recursive=recursive)


class AsyncCodeInterpreter:
    """`CodeInterpreter` for asyncio. Listeners may be coroutine functions; they are called in the event loop."""

    def __init__(
        self,
        url: str | None = None,
        token: str | None = None,
        *,
        kernel_id: str | None = None,
        packages: Sequence[str] = (),
        env: Mapping[str, str] | None = None,
        limits: Mapping[str, float] | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> None:
        """Takes what `CodeInterpreter` takes, and does no input or output."""
        self._sync = CodeInterpreter(
            url, token, kernel_id=kernel_id, packages=packages, env=env, limits=limits, options=options
        )
        self.files = AsyncFiles(self._sync.files)

    async def __aenter__(self) -> AsyncCodeInterpreter:
        starting = in_thread(self._sync.start)
        try:
            await asyncio.shield(starting)
        except asyncio.CancelledError:
            # The kernel that is being started would stay without its owner.
            await asyncio.wait([starting])
            await self.close()
            raise
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        await self.close()

    async def start(self) -> None:
        """Starts the kernel if it is not yet there."""
        await in_thread(self._sync.start)

    async def close(self) -> None:
        """Ends the kernel, if this interpreter has started it. Safe to call again."""
        await in_thread(self._sync.close)

    async def kernel_id(self) -> str:
        """Returns the id of the kernel, which is started if it is not yet there."""
        await self.start()
        return self._sync.kernel_id

    async def run(
        self,
        code: str,
        *,
        timeout: float | None = None,
        stdin: Sequence[str] | None = None,
        on_stdout: Callable[[str], Awaitable[object] | object] | None = None,
        on_stderr: Callable[[str], Awaitable[object] | object] | None = None,
        on_output: Callable[[Output], Awaitable[object] | object] | None = None,
        on_input: Callable[[str, bool], Awaitable[str | None] | str | None] | None = None,
    ) -> Execution:
        """Runs code as `CodeInterpreter.run` does. Cancelling the task interrupts the code."""
        run = await in_thread(self._sync._new_run)
        listeners = Listeners(*map(_in_loop, (on_stdout, on_stderr, on_output, on_input)))
        following = in_thread(run.follow, code, listeners, stdin=stdin, timeout=timeout)
        try:
            return await asyncio.shield(following)
        except asyncio.CancelledError:
            await _end(run, following)
            raise

    async def install(self, *packages: str) -> dict[str, str]:
        """Installs packages, such as `"six==1.16.0"`, and returns the versions of all that are installed."""
        return await in_thread(self._sync.install, *packages)

    async def packages(self) -> dict[str, str]:
        """Returns the installed packages and their versions."""
        return await in_thread(self._sync.packages)

    async def interrupt(self) -> None:
        """Raises KeyboardInterrupt in the code that runs now."""
        await in_thread(self._sync.interrupt)

    async def restart(self) -> None:
        """Gives the kernel a fresh interpreter, without the variables."""
        await in_thread(self._sync.restart)

    async def status(self) -> dict[str, Any]:
        """Returns the kernel's status, limits and permissions."""
        return await in_thread(self._sync.status)


async def _end(run: Run, following: asyncio.Future[Execution]) -> None:
    """Interrupts a run. Its request may not have reached the server yet, so this is tried until it has."""
    while not following.done():
        try:
            if await in_thread(run.interrupt):
                break
        except CodeInterpreterError:
            break
        await asyncio.wait([following], timeout=INTERRUPT_INTERVAL)
    following.add_done_callback(lambda it: it.cancelled() or it.exception())


def _in_loop(listener: Callable[..., Any] | None) -> Callable[..., Any] | None:
    """Returns a function that threads may call, and which calls the listener in the event loop."""
    if listener is None:
        return None
    loop = asyncio.get_running_loop()

    async def call(*args: Any) -> Any:
        result = listener(*args)
        return await result if inspect.isawaitable(result) else result

    return lambda *args: asyncio.run_coroutine_threadsafe(call(*args), loop).result()
