"""Says in a sentence what WebAssembly lacks, where Python's own messages leave that open."""

from __future__ import annotations

import _thread
import errno
import os
import sys
import threading
from typing import Any, NoReturn

from ..waiting.builtin_function import BuiltinFunction

_THREADS = "can't start new thread: this kernel has no threads; use asyncio, or several kernels"
_NO_MULTIPROCESSING = "No module named '_multiprocessing': this kernel has no processes; use asyncio, or several kernels"
_ABORTED = 134
"""The status of a process that SIGABRT has ended."""
_PROCESSES = "Function not implemented: this kernel has no processes"


def start_thread(*args: Any, **options: Any) -> NoReturn:
    """Raises RuntimeError, because there are no threads."""
    raise RuntimeError(_THREADS)


def fork() -> NoReturn:
    """Raises OSError, because there are no processes."""
    raise OSError(errno.ENOSYS, _PROCESSES)


def abort() -> NoReturn:
    """Ends the interpreter as a program that has asked for it, and not as one that has failed."""
    os._exit(_ABORTED)


class NoMultiprocessing:
    """A `NoMultiprocessing` is a finder that says why there are no processes; libraries look for the ImportError."""

    @staticmethod
    def find_spec(name: str, path: Any = None, target: Any = None) -> None:
        """Raises ModuleNotFoundError for the module behind `multiprocessing`; returns None for any other."""
        if name == "_multiprocessing":
            raise ModuleNotFoundError(_NO_MULTIPROCESSING, name=name)


def explain_limits() -> None:
    """Replaces the functions that start threads and processes, and that end the interpreter."""
    os.abort = BuiltinFunction(abort, os.abort, "os")  # type: ignore[assignment]
    sys.meta_path.append(NoMultiprocessing)  # type: ignore[arg-type]
    for module in (_thread, threading):
        for name in ("start_new_thread", "_start_new_thread", "start_joinable_thread", "_start_joinable_thread"):
            original = getattr(module, name, None)
            if original is not None:
                setattr(module, name, BuiltinFunction(start_thread, original, module.__name__))
    os.fork = BuiltinFunction(fork, os.fork, "os")  # type: ignore[assignment]
