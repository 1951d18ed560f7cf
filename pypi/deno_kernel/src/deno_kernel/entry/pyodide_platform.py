"""Runs the kernel in Pyodide; this is the only module that knows of JavaScript."""

from __future__ import annotations

import asyncio
import contextvars
import hashlib
import math
import os
import select
import shutil
import socket
import time
from collections.abc import Awaitable, Callable, Sequence
from json import dumps, loads
from typing import Any

import pyodide.ffi
import pyodide.webloop
from pyodide._package_loader import get_install_dir
from pyodide.ffi import JsProxy, can_run_sync, run_sync, to_js
from pyodide.webloop import PyodideTask, WebLoop

from ..current import running_kernel
from ..execution.traceback_frames import hide_own_frames
from ..host.executions import current_execution
from ..host.programs import switch_to
from ..imports.package_warnings import ignore_warnings_about
from ..imports.zip_imports import compile_once
from ..kernel import Kernel
from ..network import addresses, loops, names, polling, sockets, tls, tls_objects
from ..network.host import File, SocketWaits
from ..packages.archives import Archive, unpack_wheel
from ..packages.installer import Packages
from ..waiting.builtin_function import BuiltinFunction
from ..waiting.timers import TimerHandle
from ..waiting.waits import check_time
from .calls import answer
from .install import install
from .pyodide_limits import explain_limits
from .pyodide_loops import install_loops, main_loop
from .pyodide_signals import install_signals

_MAX_DELAY_MS = 2**31 - 1
_SLICE_SECONDS = 0.02
_plain_sleep: Callable[[float], None] = getattr(pyodide.webloop, "_orig_sleep", time.sleep)


class PyodidePlatform:
    """A `PyodidePlatform` sends events through a JavaScript function; its waits suspend the WebAssembly stack."""

    def __init__(
        self, emit: Any, own: Callable[[str | None], None], admit: Any, begin_cell: Callable[[], None],
        open_reserve: Callable[[], None], close_reserve: Callable[[], None],
    ) -> None:  # fmt: skip
        self._emit = emit
        self._admit = admit
        self.own = own
        self.begin_cell = begin_cell
        self.open_reserve = open_reserve
        self.close_reserve = close_reserve

    def emit(self, text: str, buffers: Sequence[bytes] | None = None) -> None:
        """Calls JavaScript with the text and with copies of the buffers as Uint8Arrays."""
        if buffers:
            self._emit(text, to_js(buffers))
        else:
            self._emit(text)

    def admit(self, size: int) -> bool:
        """Asks JavaScript, which counts the text of the streams as well."""
        return self._admit(size)

    def can_wait(self) -> bool:
        """Returns true if the stack can be suspended at this moment."""
        return can_run_sync()

    def wait(self, awaitable: Awaitable[Any]) -> Any:
        """Suspends the stack until the awaitable is done, and returns its result."""
        future = asyncio.ensure_future(awaitable)
        done = future.get_loop().create_future()
        future.add_done_callback(lambda _: None if done.done() else done.set_result(None))
        # An exception that passed through JavaScript would be printed where the user has redirected sys.stderr to.
        run_sync(done)
        return future.result()


class PyodideKernel(Kernel):
    """A `PyodideKernel` is called from JavaScript."""

    # Every call from JavaScript has a thread state of its own, without the limit of the stack and a running loop.
    limit_stack: Callable[[], None]

    def execute(self, request_json: str) -> None:
        """Does the same as `Kernel.execute`."""
        self.limit_stack()
        _claim_loop()
        super().execute(request_json)

    def call(self, method: str, args_json: str, buffers: Any = None) -> str:
        """Does the same as `answer`; the buffers may be JavaScript's."""
        _claim_loop()
        switch_to(None)
        return answer(self, method, args_json, [_to_bytes(buffer) for buffer in buffers] if buffers else None)

    def recover(self, execution_id: str | None, ename: str | None) -> None:
        """Goes on after an exception that a callback of the user has raised in the kernel's own code.

        The callbacks are gone. The execution ends with an error; without one, stderr tells it.
        """
        _claim_loop()
        self.interrupts.user_code = False
        raised = f"raised {ename}" if ename else "raised an exception"
        error = RuntimeError(
            f"A callback of sys.settrace, sys.setprofile or sys.monitoring {raised} in the kernel's own code; "
            "all of these callbacks were removed"
        )
        if execution_id is None:
            self.report(error)
        else:
            self.runner.abandon(execution_id, error)

    def run_program(self, request_json: str) -> str:
        """Does the same as `shell.programs.run_program`."""
        from ..shell.programs import run_program

        self.limit_stack()
        _claim_loop()
        return run_program(request_json)

    def fire(self, timer_id: int) -> None:
        """Runs the callback of a timer that is due, unless the timer was cancelled."""
        handle = self.timers.take(timer_id)
        if handle is not None:
            loop: Any = handle._loop  # type: ignore[attr-defined]
            if loop.is_closed():
                return
            self.limit_stack()
            loop._install_running_loop()
            loop._install_asyncgen_hooks()
            try:
                self.loop_callbacks.run(handle)
            finally:
                del handle  # `Interrupts.call_user_code` says the reason.


def _claim_loop() -> None:
    if asyncio._get_running_loop() is not main_loop:
        asyncio._set_running_loop(main_loop)


def _to_bytes(buffer: Any) -> bytes:
    return buffer.to_bytes() if isinstance(buffer, JsProxy) else bytes(buffer)


class PyodidePackages:
    """A `PyodidePackages` is a `PackageSource` whose packages JavaScript gets from the kernel's host."""

    def __init__(self, source: Any) -> None:
        self._source = source

    async def list(self) -> dict[str, Any]:
        """Returns what `PackageSource.list` promises."""
        return loads(await self._source.list())

    async def get(self, url: str) -> tuple[int, bytes]:
        """Returns what `PackageSource.get` promises."""
        answer = await self._source.get(url)
        return answer.status, answer.bytes.to_bytes()

    async def download(self, url: str) -> tuple[int, bytes]:
        """Returns what `PackageSource.download` promises."""
        answer = await self._source.download(url)
        return answer.status, answer.bytes.to_bytes()

    def room(self) -> int:
        """Returns what `PackageSource.room` promises."""
        return int(self._source.room())

    def directory_of(self, place: str) -> str:
        """Returns what `PackageSource.directory_of` promises."""
        return get_install_dir(place)

    async def install(self, archive: Archive, place: str, origin: str) -> None:
        """Does what `PackageSource.install` promises."""
        if archive.is_zip:
            directory = self.directory_of(place)
            members = dumps(archive.members(directory))
            # The host has verified what comes from the distribution.
            self._source.unpack(to_js(archive.content), members, origin != "pyodide")
            archive.unpack_others(directory)
            archive.note(directory, {"INSTALLER": "deno_kernel", "PYODIDE_SOURCE": origin})
            await self.add_bytecode(archive.content, directory)
        else:
            await self._source.install(to_js(archive.content), archive.file_name, place, origin)

    async def add_bytecode(self, content: bytes, directory: str) -> None:
        """Does what `PackageSource.add_bytecode` promises."""
        await self._source.addBytecode(hashlib.sha256(content).hexdigest(), directory)

    def loaded(self, name: str, origin: str | None) -> None:
        """Does what `PackageSource.loaded` promises."""
        self._source.loaded(name, origin)


class PyodideSockets:
    """A `PyodideSockets` is a `SocketHost` whose connections JavaScript has."""

    def __init__(self, sockets: Any) -> None:
        self._sockets = sockets

    def refusal(self, host: str, port: int) -> OSError | None:
        """Returns what `SocketHost.refusal` promises."""
        return _socket_error(loads(self._sockets.refusal(host, port)))

    def connect(self, fd: int, host: str, port: int) -> Awaitable[OSError | None]:
        """Returns what `SocketHost.connect` promises."""
        return _outcome(self._sockets.connect(fd, host, port))

    def abandon(self, fd: int) -> None:
        """Does what `SocketHost.abandon` promises."""
        self._sockets.abandon(fd)

    async def start_tls(self, fd: int, options: dict[str, Any]) -> dict[str, Any]:
        """Returns what `SocketHost.start_tls` promises."""
        return loads(await self._sockets.startTls(fd, dumps(options)))

    def memory_tls(self) -> PyodideTls:
        """Returns what `SocketHost.memory_tls` promises."""
        return PyodideTls(self._sockets.memoryTls)

    def peek(self, fd: int) -> None:
        """Does what `SocketHost.peek` promises."""
        self._sockets.peek(fd)

    def set_option(self, fd: int, name: str, on: bool) -> None:
        """Does what `SocketHost.set_option` promises."""
        self._sockets.setOption(fd, name, on)

    def ready(self, files: Sequence[File], wait_id: int) -> Awaitable[None]:
        """Returns what `SocketHost.ready` promises."""
        return self._sockets.ready(dumps(files), wait_id)

    def call_when_ready(self, files: Sequence[File], wait_id: int, callback: Callable[[], None]) -> None:
        """Does what `SocketHost.call_when_ready` promises."""
        self._sockets.ready(dumps(files), wait_id).then(lambda _: callback())

    def forget(self, wait_id: int) -> None:
        """Does what `SocketHost.forget` promises."""
        self._sockets.forget(wait_id)

    async def look_up(self, name: str) -> list[str] | OSError:
        """Returns what `SocketHost.look_up` promises."""
        found = loads(await self._sockets.lookUp(name))
        return _socket_error(found) if isinstance(found, dict) else found


class PyodideTls:
    """A `PyodideTls` is a `MemoryTls` whose sessions JavaScript has."""

    def __init__(self, tls: Any) -> None:
        self._tls = tls

    def open(self, options: dict[str, Any]) -> int:
        """Returns what `MemoryTls.open` promises."""
        return self._tls.open(dumps(options))

    def feed(self, session: int, data: bytes | None) -> None:
        """Does what `MemoryTls.feed` promises."""
        self._tls.feed(session, None if data is None else to_js(data))

    async def settle(self, session: int) -> bytes:
        """Returns what `MemoryTls.settle` promises."""
        return (await self._tls.settle(session)).to_bytes()

    def outcome(self, session: int) -> dict[str, Any] | None:
        """Returns what `MemoryTls.outcome` promises."""
        text = self._tls.outcome(session)
        return loads(text) if text else None

    def read(self, session: int, size: int) -> bytes | None:
        """Returns what `MemoryTls.read` promises."""
        data = self._tls.read(session, size)
        if isinstance(data, JsProxy):
            return data.to_bytes()
        if isinstance(data, int):
            raise OSError(data, os.strerror(data))
        return None

    def write(self, session: int, data: bytes) -> int:
        """Returns what `MemoryTls.write` promises."""
        return self._tls.write(session, to_js(data))

    def pending(self, session: int) -> int:
        """Returns what `MemoryTls.pending` promises."""
        return self._tls.pending(session)

    def end(self, session: int) -> None:
        """Does what `MemoryTls.end` promises."""
        self._tls.end(session)

    def close(self, session: int) -> None:
        """Does what `MemoryTls.close` promises."""
        self._tls.close(session)


async def _outcome(connected: Awaitable[str]) -> OSError | None:
    return _socket_error(loads(await connected))


def _socket_error(error: dict[str, Any] | None) -> Any:
    if error is None:
        return None
    number, message = error["errno"], error.get("message")
    if error.get("lookup"):
        return socket.gaierror(number, message)
    return OSError(number, message or os.strerror(number))


def start(
    emit: Any, own: Any, admit: Any, set_timer: Any, clear_timer: Any, limit_stack: Any, begin_cell: Any,
    open_reserve: Any, close_reserve: Any, shell: Any = None, packages: Any = None, connections: Any = None,
) -> PyodideKernel:  # fmt: skip
    """Makes the kernel of this interpreter.

    `emit(json, buffers?)` is called for every event, `own(execution_id)` when printed text begins to belong to another
    execution, and `admit(size)` before an event that shows something, which is
    dropped if the answer is false. `set_timer(id, delay_ms)` asks JavaScript to call `fire(id)` later, and
    `clear_timer(id)` cancels that; JavaScript owns its timers, and clears them when the interpreter ends.
    `limit_stack()` tells the interpreter the end of the stack of the present call. `begin_cell()` tells JavaScript
    that a signal is meant for the cell from now on. `open_reserve()` and `close_reserve()` surround the kernel's own code,
    which may use memory that is kept for it. `shell(json, receive?)` runs a command line, or a cell in
    JavaScript, and gives `receive(kind, text)` its output as it comes. `packages` gets packages; without it, none can
    be installed. `connections` has the connections of sockets.
    """
    kernel = PyodideKernel(PyodidePlatform(emit, own, admit, begin_cell, open_reserve, close_reserve))
    kernel.packages = Packages(kernel.waits, kernel.events, None if packages is None else PyodidePackages(packages))
    kernel.limit_stack = limit_stack
    kernel.run_shell = shell
    install(kernel)
    _wrap_waits(kernel)
    _wrap_loop(kernel, set_timer, clear_timer)
    _wrap_sockets(kernel, connections)
    install_loops(kernel.waits)
    explain_limits()
    install_signals(kernel.interrupts)
    hide_own_frames()
    compile_once()
    ignore_warnings_about(get_install_dir())
    # Pyodide and micropip use shutil to unpack wheels.
    shutil.unregister_unpack_format("whl")
    shutil.register_unpack_format("whl", [".whl", ".wheel"], unpack_wheel)
    return kernel


def wake() -> PyodideKernel:
    """Returns the kernel of an interpreter that an image has brought."""
    kernel: PyodideKernel = running_kernel()
    return kernel


def _wrap_waits(kernel: Kernel) -> None:
    waits = kernel.waits

    def interruptible_run_sync(awaitable: Any) -> Any:
        """Blocks until the awaitable is done; an interrupt raises KeyboardInterrupt."""
        return waits.wait(awaitable) if can_run_sync() else run_sync(awaitable)

    def sleep(seconds: float, /) -> None:
        """Delays execution for a number of seconds, while the event loop goes on."""
        if can_run_sync():
            waits.sleep(seconds)
            return
        kernel.events.flush()
        check_time(seconds)
        end = time.monotonic() + seconds
        while (rest := end - time.monotonic()) > 0:
            _plain_sleep(min(rest, _SLICE_SECONDS))  # Python sees signals between two slices.

    pyodide.ffi.run_sync = interruptible_run_sync  # type: ignore[assignment]
    pyodide.webloop.run_sync = interruptible_run_sync  # type: ignore[attr-defined]
    time.sleep = BuiltinFunction(sleep, _plain_sleep, "time")
    # There is one user, and nothing that runs as another.
    os.geteuid, os.getegid = os.getuid, os.getgid


def _wrap_sockets(kernel: Kernel, connections: Any) -> None:
    waits = SocketWaits(PyodideSockets(connections), kernel.waits)
    sockets.install(sockets.SocketMethods(waits))
    lookup = names.Names(waits)
    names.install(lookup)
    addresses.install()
    loops.install(WebLoop, lookup, loops.Watches(waits.host, waits.ids))
    tls.install(waits)
    tls_objects.install(waits)
    watch = polling.Polling(waits, time.sleep)
    select.select = BuiltinFunction(polling.waiting_select(select.select, watch), select.select, "select")
    polling.install_poll(watch)


def _wrap_loop(kernel: Kernel, set_timer: Any, clear_timer: Any) -> None:
    timers = kernel.timers

    def schedule(loop: Any, handle: TimerHandle) -> None:
        set_timer(handle.timer_id, min(max(handle.when() - loop.time(), 0) * 1000, _MAX_DELAY_MS))

    def call_at(
        self: Any, when: float, callback: Callable[..., Any], *args: Any,
        context: contextvars.Context | None = None,
    ) -> asyncio.TimerHandle:  # fmt: skip
        self._check_closed()
        handle = TimerHandle(when, callback, args, self, context)
        if when != math.inf:
            timers.add(handle)
            schedule(self, handle)
        return handle

    def call_later(
        self: Any, delay: float, callback: Callable[..., Any], *args: Any,
        context: contextvars.Context | None = None,
    ) -> asyncio.TimerHandle:  # fmt: skip
        if delay < 0:
            raise ValueError("Can't schedule in the past")
        return call_at(self, self.time() + delay, callback, *args, context=context)

    def timer_handle_cancelled(self: Any, handle: TimerHandle) -> None:
        if timers.discard(handle):
            clear_timer(handle.timer_id)

    def future_done(self: Any, future: asyncio.Future[Any] | None = None) -> None:
        # Pyodide would report the exception of a future at once, although a later cell may handle it. asyncio reports
        # one that nobody has handled when the future is freed.
        self._in_progress -= 1
        if self._no_in_progress_handler and self._in_progress == 0:
            self._no_in_progress_handler()

    add_done_callback = PyodideTask.add_done_callback

    def add_done_callback_in_context(
        self: Any, callback: Callable[..., Any], *, context: contextvars.Context | None = None
    ) -> None:
        # Pyodide passes the context on even if there is none, and the callback would get that of the task.
        add_done_callback(self, callback, context=contextvars.copy_context() if context is None else context)

    cancel = PyodideTask.cancel

    def cancel_with_wait(self: Any, msg: Any = None) -> bool:
        cancelled = cancel(self, msg)
        if cancelled:
            kernel.waits.end_in(self)
        return cancelled

    PyodideTask.add_done_callback = add_done_callback_in_context  # type: ignore[method-assign]
    PyodideTask.cancel = cancel_with_wait  # type: ignore[method-assign]
    WebLoop._decrement_in_progress = future_done  # type: ignore[method-assign]
    WebLoop.call_later = call_later  # type: ignore[method-assign]
    WebLoop.call_at = call_at  # type: ignore[method-assign]
    WebLoop._timer_handle_cancelled = timer_handle_cancelled  # type: ignore[method-assign]

    def report(loop: Any, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if error is None:
            loop.default_exception_handler(context)
        else:
            task = context.get("task") or context.get("future")
            made_in = task.get_context() if isinstance(task, asyncio.Task) else None
            kernel.report(error, None if made_in is None else made_in.get(current_execution))

    main_loop.set_exception_handler(report)
