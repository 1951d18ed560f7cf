"""Event loops in Pyodide: the one that runs for ever, and those that user code makes, which run on top of it."""

from __future__ import annotations

import asyncio
import functools
import signal
from collections.abc import Callable
from typing import Any, NoReturn

from pyodide.webloop import WebLoop, WebLoopPolicy

from ..waiting.waits import Waits

main_loop: Any = asyncio.get_event_loop()
"""The loop that Pyodide makes, and which never ends."""


_NO_PROGRAMS = "this kernel runs commands by `subprocess.run`, and none beside the event loop"
_NO_SERVERS = "this kernel's sockets can connect to hosts, but not listen"
_REFUSED = {
    "subprocess_shell": _NO_PROGRAMS, "subprocess_exec": _NO_PROGRAMS,
    "connect_read_pipe": "this kernel has no pipes to other processes",
    "connect_write_pipe": "this kernel has no pipes to other processes",
    "create_unix_connection": "this kernel's sockets have TCP only",
    "create_unix_server": _NO_SERVERS, "connect_accepted_socket": _NO_SERVERS,
}  # fmt: skip
"""The methods of event loops that cannot work in a kernel, with the reasons."""


class NestedLoop(WebLoop):
    """A `NestedLoop` is an event loop that user code makes, such as by `asyncio.new_event_loop()`.

    JavaScript runs the callbacks of all loops. Only `run_until_complete` and `run_forever` differ from those of the
    main loop: they wait, as other waits do, until they are done or interrupted.
    """

    waits: Waits

    def __init__(self, *args: Any, **options: Any) -> None:
        running = asyncio._get_running_loop()
        try:
            super().__init__()  # This makes the loop the running one.
        finally:
            asyncio._set_running_loop(running)
        self.set_exception_handler(main_loop.get_exception_handler())
        self.outer: Any = None
        self._closed = False
        self._runs = 0
        self._stopped: asyncio.Future[None] | None = None

    def __repr__(self) -> str:
        return f"<{type(self).__name__} running={self.is_running()} closed={self.is_closed()}>"

    def run_until_complete(self, future: Any) -> Any:
        """Waits for a future or coroutine of this loop, and returns its result; raises RuntimeError if it cannot."""
        self._check_closed()
        if not self.waits.can_wait():
            raise RuntimeError("Cannot run an event loop here: Python cannot wait inside synchronous code at this point")
        future = asyncio.ensure_future(future, loop=self)
        running = asyncio._get_running_loop()
        # `Runner.run` demands that no loop runs. The wait must know the loop, and so the task, that it is a part of.
        asyncio._set_running_loop(running or self.outer or main_loop)
        self._runs += 1
        try:
            return self.waits.wait(future)
        finally:
            self._runs -= 1
            asyncio._set_running_loop(running)

    def run_forever(self) -> None:
        """Waits until `stop` is called."""
        self._stopped = self.create_future()
        try:
            self.run_until_complete(self._stopped)
        finally:
            self._stopped = None

    def stop(self) -> None:
        """Ends `run_forever`."""
        if self._stopped is not None and not self._stopped.done():
            self._stopped.set_result(None)

    def is_running(self) -> bool:
        """Returns true while the loop waits for a future, or until it is stopped."""
        return self._runs > 0

    def is_closed(self) -> bool:
        """Returns true after `close`."""
        return self._closed

    def close(self) -> None:
        """Closes the loop, whose callbacks no longer run; raises RuntimeError while it runs."""
        if self.is_running():
            raise RuntimeError("Cannot close a running event loop")
        self._closed = True

    def _check_closed(self) -> None:
        if self._closed:
            raise RuntimeError("Event loop is closed")


def _add_signal_handler(self: Any, number: int, callback: Callable[..., Any], *args: Any) -> None:
    """Has a callback run on the loop whenever a signal comes."""
    signal.signal(number, lambda *_: self.call_soon(callback, *args))


def _remove_signal_handler(self: Any, number: int) -> bool:
    """Gives a signal its default handler again; returns false if it has that one."""
    default = signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL
    return signal.signal(number, default) is not default


def _run_forever(self: Any) -> None:
    """Waits until `stop` is called, while the loop goes on running as it always does."""
    if not NestedLoop.waits.can_wait():
        raise RuntimeError("This event loop is already running")
    stopped = self.create_future()
    self._stopped = stopped
    try:
        NestedLoop.waits.wait(stopped)
    finally:
        self._stopped = None


def _stop(self: Any) -> None:
    """Ends `run_forever`. The main loop itself never stops."""
    stopped = getattr(self, "_stopped", None)
    if stopped is not None and not stopped.done():
        stopped.set_result(None)


def _refusing(name: str, reason: str) -> Callable[..., Any]:
    def refuse(self: Any, *args: Any, **options: Any) -> NoReturn:
        raise NotImplementedError(f"{name}() cannot work: {reason}")

    refuse.__name__ = name
    return refuse


def _complete_loops() -> None:
    """Adds what Pyodide's loops lack, and lets the rest say the reason in a kernel's words."""
    for name, reason in _REFUSED.items():
        if getattr(WebLoop, name).__module__ == WebLoop.__module__:
            setattr(WebLoop, name, _refusing(name, reason))
    loop: Any = WebLoop
    loop.add_signal_handler, loop.remove_signal_handler = _add_signal_handler, _remove_signal_handler
    loop.run_forever, loop.stop = _run_forever, _stop
    # The functions `apply` of nest_asyncio and nest_asyncio2 leave loops with this mark alone, and refuse others.
    loop._nest_patched = True


class LoopPolicy(WebLoopPolicy):
    """A `LoopPolicy` makes nested loops; without another choice of the user, the main loop is the current one."""

    def get_event_loop(self) -> Any:
        """Returns the loop that the user has set, or else the main loop."""
        return self._loop

    @property
    def _loop(self) -> Any:
        return self._default_loop or main_loop

    @property
    def _local(self) -> Any:
        # `nest_asyncio.apply` gives the policy another `get_event_loop`, which returns `self._local._loop`.
        return self

    def new_event_loop(self) -> NestedLoop:
        """Returns a new nested loop."""
        return NestedLoop()


def install_loops(waits: Waits) -> None:
    """Makes the loops of user code nested loops, and lets them run where a loop runs already."""
    NestedLoop.waits = waits
    _complete_loops()
    asyncio.events._event_loop_policy = LoopPolicy()  # type: ignore[attr-defined]
    # Code may set this policy again, or None, which means the same, or derive a class from it.
    asyncio.unix_events._DefaultEventLoopPolicy = LoopPolicy  # type: ignore[attr-defined]
    for module in (asyncio, asyncio.unix_events):  # type: ignore[attr-defined]
        module.SelectorEventLoop = module.EventLoop = NestedLoop
    asyncio.run = run
    asyncio._nest_patched = asyncio._nest_asyncio2 = True  # type: ignore[attr-defined]
    runner: Any = asyncio.Runner
    runner.run = _as_if_no_loop_ran(runner.run, runner.get_loop)
    runner.close = _as_if_no_loop_ran(runner.close, lambda self: self._loop)


def run(main: Any, *, debug: bool | None = None, loop_factory: Callable[[], Any] | None = None) -> Any:
    """Runs a coroutine on the main loop, or on that of a factory, and returns its result."""
    if not asyncio.iscoroutine(main):
        raise ValueError(f"a coroutine was expected, got {main!r}")
    if loop_factory is None:
        return main_loop.run_until_complete(main)
    with asyncio.Runner(debug=debug, loop_factory=loop_factory) as runner:
        return runner.run(main)


def _as_if_no_loop_ran(method: Callable[..., Any], loop_of: Callable[[Any], Any]) -> Callable[..., Any]:
    """Wraps a method of `asyncio.Runner`, which takes for granted that no loop runs; `loop_of` returns its loop."""
    if getattr(method, "__deno_kernel__", False):
        return method

    @functools.wraps(method)
    def wrapper(self: asyncio.Runner, *args: Any, **options: Any) -> Any:
        loop = loop_of(self)
        running = asyncio._get_running_loop()
        if isinstance(loop, NestedLoop):
            loop.outer = running
            asyncio._set_running_loop(None)
        try:
            return method(self, *args, **options)
        finally:
            asyncio._set_running_loop(running)

    wrapper.__deno_kernel__ = True  # type: ignore[attr-defined]
    return wrapper
