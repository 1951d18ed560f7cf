"""SIGINT raises KeyboardInterrupt in user code, or calls the user's handler; in the kernel's own code it is noted."""

from __future__ import annotations

import functools
import signal
import sys
from collections.abc import Callable, Coroutine
from types import FrameType
from typing import Any, TypeVar

from .programs import current_program

T = TypeVar("T")


class Interrupts:
    """An `Interrupts` handles SIGINT, depending on whose code runs.

    `user_code` is true exactly while code of the user runs. Only the methods of this class set it. A context manager
    could not make user code of a block: CPython looks for signals when a function begins, and a SIGINT that strikes
    at the beginning of `__exit__` would leave `user_code` true.
    """

    __slots__ = ("_handler", "handled", "noted", "user_code")

    def __init__(self) -> None:
        self.user_code = False
        self.noted = False
        self.handled = 0
        """The number of calls of the user's handlers, of any signal."""
        self._handler: Any = signal.default_int_handler

    def handle(self, signum: int, frame: FrameType | None) -> None:
        """Strikes user code, and notes the signal otherwise; this is the process's signal handler.

        What strikes a program is noted too, for the cell that waits for the program.
        """
        if self.user_code:
            self.noted = current_program.get() is not None and not self.has_own_handler
            self.strike(frame)
        else:
            self.noted = True

    def strike(self, frame: FrameType | None) -> None:
        """Does what the user wants at a SIGINT: raises KeyboardInterrupt, or calls the user's own handler."""
        if not self.has_own_handler:
            raise KeyboardInterrupt
        if self._handler is not signal.SIG_IGN:
            self.handled += 1
            self._handler(int(signal.SIGINT), frame)

    @property
    def has_own_handler(self) -> bool:
        """True if the user has set a handler other than the ones that raise KeyboardInterrupt or end a process."""
        return self._handler not in (self.handle, signal.default_int_handler, signal.SIG_DFL)

    def install(self) -> None:
        """Becomes the process's handler of SIGINT, and keeps the handlers that user code sets by `signal.signal`."""
        set_handler, get_handler = signal.signal, signal.getsignal
        try:
            set_handler(signal.SIGINT, self.handle)
        except ValueError:  # This is not the main thread.
            return

        @functools.wraps(set_handler)
        def signal_(signalnum: Any, handler: Any) -> Any:
            counted = _CountedHandler(self, handler) if callable(handler) else handler
            before = set_handler(signalnum, counted)  # This raises what is wrong with the arguments.
            if signalnum != signal.SIGINT:
                return _users(before)
            before, self._handler = self._handler, _users(get_handler(signalnum))
            set_handler(signalnum, self.handle)
            return before

        @functools.wraps(get_handler)
        def getsignal(signalnum: Any) -> Any:
            handler = get_handler(signalnum)
            return self._handler if signalnum == signal.SIGINT else _users(handler)

        signal.signal, signal.getsignal = signal_, getsignal

    def call_user_code(self, function: Callable[..., T], *args: Any) -> T:
        """Calls a function as user code, which a SIGINT interrupts, and returns its result."""
        before = self.user_code
        try:
            try:
                self.user_code = True
                return function(*args)
            finally:
                self.user_code = before
                # A task keeps its exception, whose frames keep this one. asyncio tells of an exception that nobody has
                # handled when the task is freed, and a cycle would keep the task.
                del function, args
        except BaseException:
            # A SIGINT may have struck before the assignment in `finally`. None strikes after this one.
            self.user_code = before
            raise

    async def await_user_code(self, function: Callable[..., Coroutine[Any, Any, T]], *args: Any) -> T:
        """Awaits a coroutine function as user code; afterwards the task's step is the kernel's own code again."""
        try:
            try:
                self.user_code = True
                return await function(*args)
            finally:
                self.user_code = False
        except BaseException:
            self.user_code = False
            raise

    def own_code(self) -> OwnCode:
        """Returns a context that notes a SIGINT, and delivers it at its end if user code surrounds the context."""
        return OwnCode(self)

    def deliver(self) -> None:
        """Strikes if a SIGINT was noted. Only user code calls this."""
        if self.noted:
            self.noted = False
            self.strike(sys._getframe(1))


class _CountedHandler:
    """A `_CountedHandler` counts the calls of a handler."""

    __slots__ = ("handler", "interrupts")

    def __init__(self, interrupts: Interrupts, handler: Callable[[int, FrameType | None], Any]) -> None:
        self.interrupts = interrupts
        self.handler = handler

    def __call__(self, signum: int, frame: FrameType | None) -> Any:
        self.interrupts.handled += 1
        return self.handler(signum, frame)


def _users(handler: Any) -> Any:
    """Returns the handler that the user has set."""
    return handler.handler if isinstance(handler, _CountedHandler) else handler


class OwnCode:
    """An `OwnCode` is the context of a stretch of the kernel's own code."""

    __slots__ = ("_in_user_code", "_interrupts")

    def __init__(self, interrupts: Interrupts) -> None:
        self._interrupts = interrupts
        self._in_user_code = False

    def __enter__(self) -> None:
        self._in_user_code = self._interrupts.user_code
        self._interrupts.user_code = False

    def __exit__(self, *error: object) -> None:
        if self._in_user_code:
            self._interrupts.user_code = True
            self._interrupts.deliver()
