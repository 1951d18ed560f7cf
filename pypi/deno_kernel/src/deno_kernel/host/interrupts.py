"""SIGINT: KeyboardInterrupt for user code, a note for our own."""

from __future__ import annotations

import signal
from types import FrameType


class Interrupts:
    """Decides what a SIGINT means at the moment it arrives.

    `user_code` is true exactly while code of the user runs. It is set by plain attribute
    assignments, not by a context manager: CPython looks for signals on calls, and a call between
    the assignment and the `try` it belongs to would be a place to be struck.
    """

    __slots__ = ("noted", "user_code")

    def __init__(self) -> None:
        self.user_code = False
        self.noted = False

    def handle(self, signum: int, frame: FrameType | None) -> None:
        """The signal handler."""
        if self.user_code:
            self.noted = False
            raise KeyboardInterrupt
        self.noted = True

    def install(self) -> None:
        """Becomes the process's handler of SIGINT; user code may replace it."""
        try:
            signal.signal(signal.SIGINT, self.handle)
        except ValueError:  # not the main thread
            pass

    def resume_user_code(self) -> None:
        """Returns to user code after a stretch of our own, delivering what came meanwhile."""
        self.user_code = True
        if self.noted:
            self.noted = False
            raise KeyboardInterrupt
