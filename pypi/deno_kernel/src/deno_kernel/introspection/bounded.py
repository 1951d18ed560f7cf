"""Runs code of the user on behalf of the front end: without output, and for a short time."""

from __future__ import annotations

import io
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_TRUSTED = (
    os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep, os.path.dirname(os.__file__) + os.sep, "<frozen ",
)  # fmt: skip
"""The beginnings of the names of files whose code ends by itself: those of the kernel and of the standard library.

That of installed packages does so too. To watch them would take a hundred times their time.
"""
MOST_SECONDS = 2.0
"""The time that the user's methods may take while the front end waits for an answer about an object."""


class TookTooLong(BaseException):
    """A `TookTooLong` ends code of the user that takes too long; no handler of errors should catch it."""


@contextmanager
def bounded(seconds: float = MOST_SECONDS) -> Iterator[None]:
    """Returns a context whose Python code prints nothing, and that raises TookTooLong after some time.

    A method of the user's, such as `__dir__`, may loop for ever, sleep or print.
    """
    end = time.monotonic() + seconds
    sleep, tracer, streams = time.sleep, sys.gettrace(), (sys.stdout, sys.stderr)

    def check(frame: Any, event: str, argument: Any) -> Any:
        filename = frame.f_code.co_filename
        if filename.startswith(_TRUSTED) or "-packages/" in filename:
            return None
        if time.monotonic() > end:
            raise TookTooLong
        # A loop of one line has no events of lines.
        frame.f_trace_opcodes = filename.startswith("<cell ")
        return check

    def refuse(seconds: float) -> None:
        raise TookTooLong

    time.sleep = refuse
    sys.stdout = sys.stderr = io.StringIO()
    sys.settrace(check)
    try:
        yield
    finally:
        sys.settrace(tracer)
        sys.stdout, sys.stderr = streams
        time.sleep = sleep
