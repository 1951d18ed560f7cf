"""Runs a kernel without a host: its platform records events, and its event loop has a clock of its own."""

from __future__ import annotations

import asyncio
import builtins
import heapq
import io
import json
import os
import signal
import sys
import types
import unittest
from typing import Any

from deno_kernel import current
from deno_kernel.entry.calls import answer
from deno_kernel.entry.install import install
from deno_kernel.figures.inline_config import INLINE
from deno_kernel.host import comms
from deno_kernel.kernel import Kernel
from deno_kernel.waiting.timers import TimerHandle


class FakeLoop(asyncio.AbstractEventLoop):
    """A `FakeLoop` never waits: when nothing is ready, its clock jumps to the next timer."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.kernel: Kernel | None = None
        self.errors: list[dict[str, Any]] = []
        self._queue: list[tuple[float, int, TimerHandle]] = []
        self._number = 0

    def time(self) -> float:
        return self.now

    def call_at(self, when: float, callback: Any, *args: Any, context: Any = None) -> TimerHandle:
        handle = TimerHandle(when, callback, args, self, context)
        self._number += 1
        heapq.heappush(self._queue, (when, self._number, handle))
        assert self.kernel is not None
        self.kernel.timers.add(handle)
        return handle

    def call_later(self, delay: float, callback: Any, *args: Any, context: Any = None) -> TimerHandle:
        return self.call_at(self.now + delay, callback, *args, context=context)

    def call_soon(self, callback: Any, *args: Any, context: Any = None) -> TimerHandle:  # type: ignore[override]
        return self.call_at(self.now, callback, *args, context=context)

    call_soon_threadsafe = call_soon  # type: ignore[assignment]

    def _timer_handle_cancelled(self, handle: Any) -> None:
        assert self.kernel is not None
        self.kernel.timers.discard(handle)

    def create_future(self) -> asyncio.Future[Any]:
        return asyncio.Future(loop=self)

    def create_task(self, coro: Any, *, name: Any = None, context: Any = None, **options: Any) -> asyncio.Task[Any]:
        return asyncio.Task(coro, loop=self, name=name, context=context)

    def get_debug(self) -> bool:
        return False

    def is_running(self) -> bool:
        return True

    def is_closed(self) -> bool:
        return False

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        self.errors.append(context)

    def run_until(self, done: Any) -> None:
        """Runs callbacks until `done()` is true; fails if none is left."""
        assert self.kernel is not None
        task = asyncio.current_task(self)
        if task is not None:
            asyncio.tasks._leave_task(self, task)
        try:
            while not done():
                if not self._queue:
                    raise AssertionError("the event loop has nothing left to do")
                when, _, handle = heapq.heappop(self._queue)
                if handle.cancelled():
                    continue
                self.now = max(self.now, when)
                self.kernel.timers.discard(handle)
                self.kernel.loop_callbacks.run(handle)
        finally:
            if task is not None:
                asyncio.tasks._enter_task(self, task)


class FakePlatform:
    """A `FakePlatform` keeps every event, and waits by running the loop."""

    def __init__(self, loop: FakeLoop) -> None:
        self.loop = loop
        self.log: list[Any] = []
        self.buffers: list[Any] = []
        self.on_event: Any = lambda event: None
        self.waits_allowed = True
        self.fail = False
        self.room = 2**40
        self.owner: str | None = None
        self.owned: list[tuple[str | None, str]] = []

    def begin_cell(self) -> None:
        pass

    def open_reserve(self) -> None:
        pass

    def close_reserve(self) -> None:
        pass

    def own(self, execution_id: str | None) -> None:
        self.owner = execution_id

    def emit(self, text: str, buffers: Any = None) -> None:
        if self.fail:
            raise OSError("the host is gone")
        event = json.loads(text, parse_constant=lambda name: (_ for _ in ()).throw(ValueError(name)))
        self.log.append(event)
        self.buffers.append(buffers)
        self.on_event(event)

    def admit(self, size: int) -> bool:
        self.room -= size
        return self.room >= 0

    def can_wait(self) -> bool:
        return self.waits_allowed

    def wait(self, awaitable: Any) -> Any:
        future = asyncio.ensure_future(awaitable)
        self.loop.run_until(future.done)
        return future.result()


class FakeStream(io.TextIOBase):
    """A `FakeStream` is a buffered text stream, which flushes into the platform's log."""

    def __init__(self, platform: FakePlatform, name: str) -> None:
        self._platform, self._name, self._text = platform, name, ""

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self._text += text
        return len(text)

    def flush(self) -> None:
        if self._text:
            self._platform.log.append({"type": self._name, "text": self._text})
            self._platform.owned.append((self._platform.owner, self._text))
            self._text = ""


class KernelCase(unittest.TestCase):
    """A `KernelCase` has a kernel of its own, and restores the process after each test."""

    maxDiff = None

    def setUp(self) -> None:
        saved_builtins = {n: getattr(builtins, n, None) for n in ("input", "get_ipython", "display", "open")}
        saved = (
            sys.stdout, sys.stderr, sys.stdin, sys.displayhook, list(sys.meta_path), list(sys.path),
            dict(os.environ), os.getcwd(), dict(sys.modules), current.use(None, None), asyncio._get_running_loop(),
        )  # fmt: skip
        handler = signal.getsignal(signal.SIGINT)
        handling = signal.signal, signal.getsignal
        inline = dict(vars(INLINE))
        opened, read = io.open, os.read
        self.loop = FakeLoop()
        self.platform = FakePlatform(self.loop)
        self.module = types.ModuleType("__main__")
        self._number = 0

        def restore() -> None:
            sys.stdout, sys.stderr, sys.stdin, sys.displayhook = saved[:4]
            sys.meta_path[:], sys.path[:] = saved[4], saved[5]
            os.environ.clear()
            os.environ.update(saved[6])
            os.chdir(saved[7])
            for name in [*sys.modules, *saved[8]]:
                root = name.partition(".")[0]
                if root in ("IPython", "comm", "ipykernel", "__main__", "matplotlib_inline"):
                    if name in saved[8]:
                        sys.modules[name] = saved[8][name]
                    else:
                        sys.modules.pop(name, None)
            current.use(*saved[9])
            asyncio._set_running_loop(saved[10])
            comms.use_comm_manager(manager)
            for name, value in saved_builtins.items():
                if value is None:
                    vars(builtins).pop(name, None)
                else:
                    setattr(builtins, name, value)
            signal.signal, signal.getsignal = handling
            signal.signal(signal.SIGINT, handler)
            vars(INLINE).update(inline)
            io.open, os.read = opened, read

        manager = comms.get_comm_manager()
        self.addCleanup(restore)
        sys.stdout = FakeStream(self.platform, "stdout")  # type: ignore[assignment]
        sys.stderr = FakeStream(self.platform, "stderr")  # type: ignore[assignment]
        sys.modules["__main__"] = self.module
        asyncio._set_running_loop(self.loop)
        self.kernel = Kernel(self.platform, self.module)
        self.loop.kernel = self.kernel
        install(self.kernel)
        self.names = self.kernel.namespace.names

    def start(self, code: str, **options: Any) -> str:
        """Begins an execution and returns its id."""
        self._number += 1
        execution_id = options.pop("id", f"e{self._number}")
        self.kernel.execute(json.dumps({"id": execution_id, "code": code, **options}))
        return execution_id

    def finish(self, execution_id: str) -> dict[str, Any]:
        """Runs the loop until the execution's reply, and returns the reply."""
        self.loop.run_until(lambda: self.reply_of(execution_id) is not None)
        reply = self.reply_of(execution_id)
        assert reply is not None
        # The host puts them together likewise: a value that was shown is not sent twice.
        if reply["status"] == "ok" and reply["result"] is None:
            for event in self.platform.log:
                if event["type"] == "execute_result" and event["executionId"] == execution_id:
                    reply["result"] = {"data": event["data"], "metadata": event["metadata"]}
        return reply

    def reply_of(self, execution_id: str) -> dict[str, Any] | None:
        """Returns the reply of an execution; None if it has none yet."""
        for event in self.platform.log:
            if event["type"] == "execute_reply" and event["executionId"] == execution_id:
                return event
        return None

    def run_cell(self, code: str, **options: Any) -> dict[str, Any]:
        """Runs a cell to its end and returns the reply."""
        return self.finish(self.start(code, **options))

    def ok(self, code: str, **options: Any) -> Any:
        """Runs a cell that must succeed, and returns the text of its value."""
        reply = self.run_cell(code, **options)
        self.assertEqual(reply["status"], "ok", "\n".join((reply["error"] or {}).get("traceback", [])))
        result = reply["result"]
        return None if result is None else result["data"].get("text/plain")

    def fails(self, code: str, ename: str, **options: Any) -> dict[str, Any]:
        """Runs a cell that must fail, and returns its error."""
        reply = self.run_cell(code, **options)
        self.assertEqual(reply["status"], "error", reply)
        self.assertEqual(reply["error"]["ename"], ename, "\n".join(reply["error"]["traceback"]))
        return reply["error"]

    def events(self, *types_wanted: str) -> list[dict[str, Any]]:
        """Returns the events so far; with types, only those of these types."""
        return [event for event in self.platform.log if not types_wanted or event["type"] in types_wanted]

    def clear(self) -> None:
        """Drops the events so far."""
        self.platform.log.clear()
        self.platform.buffers.clear()

    def printed(self, stream: str = "stdout") -> str:
        """Returns the text that was written to a stream."""
        return "".join(event["text"] for event in self.events(stream))

    def call(self, method: str, buffers: Any = None, **args: Any) -> Any:
        """Sends a request to the kernel and returns the answer."""
        return json.loads(answer(self.kernel, method, json.dumps(args), buffers))


def plain(text: str | list[str]) -> str:
    """Returns text without its colours."""
    import re

    return re.sub(r"\x1b\[[0-9;]*m", "", text if isinstance(text, str) else "\n".join(text))
