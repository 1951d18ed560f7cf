"""The part of the shell that shows exceptions, and lets the user show them in another way."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..execution.traceback_frames import of_user
from .errors import UsageError
from .traceback_printer import ShellTB

if TYPE_CHECKING:
    from ..kernel import Kernel

ExcInfo = tuple[Any, Any, Any]


class ErrorShowing:
    """An `ErrorShowing` shows exceptions as outputs of the cell."""

    _kernel: Kernel
    custom_exceptions: tuple[type[BaseException], ...] = ()
    CustomTB: Callable[..., Any] | None = None

    def __init__(self) -> None:
        self.InteractiveTB = ShellTB("Context")
        self.SyntaxTB = ShellTB("Context")
        self._last_traceback: list[str] | None = None

    def _get_exc_info(self, exc_tuple: ExcInfo | None = None) -> ExcInfo:
        etype, value, tb = sys.exc_info() if exc_tuple is None else exc_tuple
        if etype is None and getattr(sys, "last_type", None) is not None:
            etype, value, tb = sys.last_type, sys.last_value, sys.last_traceback
        if etype is None:
            raise ValueError("No exception to find")
        sys.last_type, sys.last_value, sys.last_traceback = etype, value, tb
        return etype, value, tb

    def get_exception_only(self, exc_tuple: ExcInfo | None = None) -> str:
        """Returns the text of an exception without its frames."""
        import traceback

        etype, value, _ = self._get_exc_info(exc_tuple)
        return "".join(traceback.format_exception_only(etype, value))

    def showtraceback(
        self, exc_tuple: ExcInfo | None = None, filename: Any = None, tb_offset: Any = None,
        exception_only: bool = False, running_compiled_code: bool = False,
    ) -> None:  # fmt: skip
        """Shows an exception as output of the cell: the given one, or else the present or last one."""
        try:
            etype, value, tb = self._get_exc_info(exc_tuple)
        except ValueError:
            print("No traceback available to show.", file=sys.stderr)
            return
        shown = self._kernel.tracebacks.format(value, tb)
        self._showtraceback(etype, value, shown.traceback[-1:] if exception_only else shown.traceback)

    def _showtraceback(self, etype: Any, evalue: Any, stb: list[str]) -> None:
        """Sends the parts of a traceback."""
        name = getattr(etype, "__name__", str(etype))
        self._last_traceback = list(stb)
        self._kernel.events.send("execute_error", {"ename": name, "evalue": str(evalue), "traceback": list(stb)})

    def showsyntaxerror(self, filename: Any = None, running_compiled_code: bool = False) -> None:
        """Shows the present SyntaxError."""
        self.showtraceback()

    showindentationerror = showsyntaxerror

    def show_usage_error(self, exc: BaseException) -> None:
        """Prints a UsageError in one line."""
        print(f"UsageError: {exc}", file=sys.stderr)

    def excepthook(self, etype: Any, value: Any, tb: Any) -> None:
        """Shows an exception, given as `sys.excepthook` is."""
        self.showtraceback((etype, value, tb))

    def set_custom_exc(self, exc_tuple: tuple[type[BaseException], ...], handler: Callable[..., Any] | None) -> None:
        """Has `handler(shell, etype, value, tb, tb_offset=None)` called for exceptions of some types.

        The handler shows them in the place of the kernel. It may return the traceback of the reply, as a list of str.
        """
        if not isinstance(exc_tuple, tuple):
            raise TypeError("The custom exceptions must be given as a tuple.")
        self.custom_exceptions = exc_tuple
        self.CustomTB = None if handler is None else lambda *info: handler(self, *info, tb_offset=1)

    def show_in_the_users_way(self, error: BaseException) -> list[str] | None:
        """Has the user's function show the error of a cell; returns the traceback of the reply, or None without one.

        The function is the handler of `set_custom_exc`, or what the user has put in the place of a method of the shell.
        """
        name = "showsyntaxerror" if isinstance(error, SyntaxError) else "showtraceback"
        custom = self.CustomTB if isinstance(error, self.custom_exceptions) else None
        replaced = not isinstance(error, UsageError) and (self._is_replaced(name) or self._is_replaced("_showtraceback"))
        if custom is None and not replaced:
            return None
        whole = error.__traceback__
        self._last_traceback = None
        try:
            # The functions ask `sys.exc_info()`, and expect one frame before those of the user.
            raise error.with_traceback(of_user(whole))
        except BaseException:
            if custom is not None:
                return self._shown_by_handler(custom, error)
            getattr(self, name)(running_compiled_code=True)
        finally:
            error.__traceback__ = whole
        return self._last_traceback or []

    def _shown_by_handler(self, handler: Callable[..., Any], error: BaseException) -> list[str] | None:
        """Calls the handler of `set_custom_exc`; one that fails is told about, and is not called again."""
        try:
            return _parts(handler(type(error), error, error.__traceback__))
        except KeyboardInterrupt:
            raise
        except BaseException as failure:
            self.set_custom_exc((), None)
            print("Custom TB Handler failed, unregistering", file=sys.stderr)
            self._kernel.report(failure)
            print("The original exception:", file=sys.stderr)
            return None

    def _is_replaced(self, name: str) -> bool:
        return getattr(getattr(self, name), "__func__", None) is not getattr(ErrorShowing, name, None)


def _parts(answer: Any) -> list[str]:
    """Returns the parts of a traceback that a handler has answered; raises TypeError for another answer."""
    if answer is None:
        return []
    parts = [answer] if isinstance(answer, str) else answer
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        raise TypeError(f"A custom handler of exceptions must return a list of str, a str or None, not {answer!r}")
    return parts
