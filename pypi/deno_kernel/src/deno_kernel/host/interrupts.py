"""SIGINT raises KeyboardInterrupt in user code, and is noted for later in the kernel's own code."""

from __future__ import annotations

import signal
from collections.abc import Callable, Coroutine
from types import FrameType
from typing import Any, TypeVar

T = TypeVar("T")


class Interrupts:
    """An `Interrupts` handles SIGINT, depending on whose code runs.

    `user_code` is true exactly while code of the user runs. Only the methods of this class set it. A context manager
    could not make user code of a block: CPython looks for signals when a function begins, and a SIGINT that strikes
    at the beginning of `__exit__` would leave `user_code` true.
    """

    __slots__ = ("noted", "user_code")

    def __init__(self) -> None:
        self.user_code = False
        self.noted = False

    def handle(self, signum: int, frame: FrameType | None) -> None:
        """Raises KeyboardInterrupt in user code, and notes the signal otherwise; this is the signal handler."""
        if self.user_code:
            self.noted = False
            raise KeyboardInterrupt
        self.noted = True

    def install(self) -> None:
        """Becomes the process's handler of SIGINT; user code may replace it."""
        try:
            signal.signal(signal.SIGINT, self.handle)
        except ValueError:  # This is not the main thread.
            pass

    def call_user_code(self, function: Callable[..., T], *args: Any) -> T:
        """Calls a function as user code, which a SIGINT interrupts, and returns its result."""
        before = self.user_code
        try:
            try:
                self.user_code = True
                return function(*args)
            finally:
                self.user_code = before
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
        """Raises KeyboardInterrupt if a SIGINT was noted. Only user code calls this."""
        if self.noted:
            self.noted = False
            raise KeyboardInterrupt


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
