"""Says in a sentence what WebAssembly lacks, where Python's own messages leave that open."""

from __future__ import annotations

import _thread
import errno
import os
import threading
from typing import Any, NoReturn

from ..waiting.builtin_function import BuiltinFunction

_THREADS = "can't start new thread: this kernel has no threads; use asyncio, or several kernels"
_PROCESSES = "Function not implemented: this kernel has no processes"


def start_thread(*args: Any, **options: Any) -> NoReturn:
    """Raises RuntimeError, because there are no threads."""
    raise RuntimeError(_THREADS)


def fork() -> NoReturn:
    """Raises OSError, because there are no processes."""
    raise OSError(errno.ENOSYS, _PROCESSES)


def explain_limits() -> None:
    """Replaces the functions that start threads and processes."""
    for module in (_thread, threading):
        for name in ("start_new_thread", "_start_new_thread", "start_joinable_thread", "_start_joinable_thread"):
            original = getattr(module, name, None)
            if original is not None:
                setattr(module, name, BuiltinFunction(start_thread, original, module.__name__))
    os.fork = BuiltinFunction(fork, os.fork, "os")  # type: ignore[assignment]
