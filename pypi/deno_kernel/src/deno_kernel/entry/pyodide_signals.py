"""Waits for signals, and the answers to programs that ask for what WebAssembly's signals cannot do."""

from __future__ import annotations

import errno
import operator
import os
import signal
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn

from ..host.programs import current_program
from ..waiting.builtin_function import BuiltinFunction

if TYPE_CHECKING:
    from ..host.interrupts import Interrupts

_SLICE_SECONDS = 0.02
_ENDING = signal.valid_signals() - {signal.SIGCHLD, signal.SIGCONT, signal.SIGURG, signal.SIGWINCH}
"""The signals that end a process without a handler."""
_CANNOT_BLOCK = "Function not implemented: this kernel's signals cannot be blocked; use signal.signal and signal.pause"


def install_signals(interrupts: Interrupts) -> None:
    """Replaces the functions of `signal` and `os` that would answer wrongly, or not at all."""

    def pause() -> None:
        """Waits until a handler of a signal has been called, or an interrupt raises KeyboardInterrupt."""
        handled = interrupts.handled
        while interrupts.handled == handled:
            time.sleep(_SLICE_SECONDS)

    _replace(signal, "pause", pause)
    for name in ("sigwait", "sigwaitinfo", "sigtimedwait"):
        _replace(signal, name, _refuse)
    _replace(signal, "pthread_sigmask", _mask_of(signal.pthread_sigmask))
    _replace(os, "kill", _kill_of(os.kill))
    _replace(signal, "raise_signal", _raise_of(signal.raise_signal))


def _replace(module: Any, name: str, function: Callable[..., Any]) -> None:
    setattr(module, name, BuiltinFunction(function, getattr(module, name), module.__name__))


def _refuse(*args: Any) -> NoReturn:
    raise OSError(errno.ENOSYS, _CANNOT_BLOCK)


def _mask_of(original: Callable[..., Any]) -> Callable[..., Any]:
    def pthread_sigmask(how: int, mask: Any) -> Any:
        blocked = set(mask)
        if blocked and how in (signal.SIG_BLOCK, signal.SIG_SETMASK):
            _refuse()
        return original(how, blocked)

    return pthread_sigmask


def _end_program(signum: int) -> None:
    """Ends the program that runs if a signal would end its process, which is the kernel's here."""
    if current_program.get() is not None and signum in _ENDING and signal.getsignal(signum) in (signal.SIG_DFL, None):
        raise SystemExit(128 + signum)


def _raise_of(original: Callable[[int], None]) -> Callable[[int], None]:
    def raise_signal(signalnum: int, /) -> None:
        _end_program(signalnum)
        original(signalnum)

    return raise_signal


def _kill_of(original: Callable[[int, int], None]) -> Callable[[int, int], None]:
    def kill(pid: int, signum: int) -> None:
        # This process is its own group.
        if operator.index(pid) in (0, os.getpid()):
            _end_program(signum)
            return original(os.getpid(), signum)
        raise ProcessLookupError(errno.ESRCH, os.strerror(errno.ESRCH))

    return kill
