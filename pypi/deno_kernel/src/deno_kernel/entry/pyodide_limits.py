"""Says in a sentence what WebAssembly lacks, where Python's own messages leave that open."""

from __future__ import annotations

import _thread
import errno
import faulthandler
import os
import signal
import sys
import threading
from typing import Any, NoReturn

from ..imports.package_finder import is_import_asking
from ..waiting.builtin_function import BuiltinFunction

_NO_THREADS = "this kernel has no threads; use asyncio, or several kernels"
_THREADS = f"can't start new thread: {_NO_THREADS}"
_NO_PROCESSES = "this kernel has no processes; use asyncio, or several kernels"
_NO_TERMINAL = "this kernel has no terminal"
_NO_WINDOWS = "this kernel has no windows; display() and matplotlib show figures below the cell"
_MODULES = {
    "_curses": _NO_TERMINAL, "_interpreters": "this kernel has one interpreter; use asyncio, or several kernels",
    "_multiprocessing": _NO_PROCESSES, "_posixshmem": _NO_PROCESSES, "_tkinter": _NO_WINDOWS, "curses": _NO_TERMINAL,
    "readline": _NO_TERMINAL,
    "resource": "this kernel has no limits of processes; whoever creates it sets its memory and time",
    "tkinter": _NO_WINDOWS, "turtle": _NO_WINDOWS,
}  # fmt: skip
"""The modules of the standard library that are missing, with the reasons."""
_NO_ALARMS = "this kernel has no timers that send signals; use asyncio.timeout, or the execution's timeout"
_NAMES = {
    signal: {
        "alarm": _NO_ALARMS, "setitimer": _NO_ALARMS, "getitimer": _NO_ALARMS, "pthread_kill": _NO_THREADS,
    },
    os: {name: _NO_PROCESSES for name in ("posix_spawn", "posix_spawnp", "forkpty", "nice", "setsid")},
}
"""The functions that are missing in modules, with the reasons. Programs ask with hasattr() if there are such."""
_WATCHDOG = "unable to start watchdog thread: this kernel has no threads; use the execution's timeout"
_ABORTED = 134
"""The status of a process that SIGABRT has ended."""
_PROCESSES = "Function not implemented: this kernel has no processes"


def start_thread(*args: Any, **options: Any) -> NoReturn:
    """Raises RuntimeError, because there are no threads."""
    raise RuntimeError(_THREADS)


def fork() -> NoReturn:
    """Raises OSError, because there are no processes."""
    raise OSError(errno.ENOSYS, _PROCESSES)


def dump_later(*args: Any, **options: Any) -> NoReturn:
    """Raises RuntimeError, because there are no threads."""
    raise RuntimeError(_WATCHDOG)


def execute(path: Any, *args: Any, **options: Any) -> NoReturn:
    """Raises OSError, because no program can take the place of the interpreter."""
    raise OSError(errno.ENOSYS, _PROCESSES)


def abort() -> NoReturn:
    """Ends the interpreter as a program that has asked for it, and not as one that has failed."""
    os._exit(_ABORTED)


class MissingModules:
    """A `MissingModules` is a finder that says why a module is missing; libraries look for the ImportError."""

    @staticmethod
    def find_spec(name: str, path: Any = None, target: Any = None) -> None:
        """Raises ModuleNotFoundError for the import of a module that cannot be in a kernel; returns None otherwise."""
        if name in _MODULES and is_import_asking(sys._getframe(1)):
            raise ModuleNotFoundError(f"No module named {name!r}: {_MODULES[name]}", name=name)


def _explain_missing(module: Any, reasons: dict[str, str]) -> None:
    """Lets the AttributeError for a missing name of a module say the reason."""

    def missing(name: str) -> NoReturn:
        text = f"module {module.__name__!r} has no attribute {name!r}"
        reason = reasons.get(name)
        raise AttributeError(f"{text}: {reason}" if reason else text, name=name, obj=module)

    module.__getattr__ = missing


def explain_limits() -> None:
    """Replaces the functions that start threads and processes, and that end the interpreter."""
    os.abort = BuiltinFunction(abort, os.abort, "os")  # type: ignore[assignment]
    # The last finder looks for packages on the network.
    sys.meta_path.insert(len(sys.meta_path) - 1, MissingModules)  # type: ignore[arg-type]
    for owner, reasons in _NAMES.items():
        _explain_missing(owner, {name: reason for name, reason in reasons.items() if not hasattr(owner, name)})
    for name in ("execv", "execve"):
        setattr(os, name, BuiltinFunction(execute, getattr(os, name), "os"))
    faulthandler.dump_traceback_later = BuiltinFunction(  # type: ignore[assignment]
        dump_later, faulthandler.dump_traceback_later, "faulthandler"
    )
    for module in (_thread, threading):
        for name in ("start_new_thread", "_start_new_thread", "start_joinable_thread", "_start_joinable_thread"):
            original = getattr(module, name, None)
            if original is not None:
                setattr(module, name, BuiltinFunction(start_thread, original, module.__name__))
    os.fork = BuiltinFunction(fork, os.fork, "os")  # type: ignore[assignment]
