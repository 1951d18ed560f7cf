"""Calls the user's callbacks before and after cells: IPython's `events`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from ..host.executions import Execution

NAMES = ("pre_execute", "pre_run_cell", "post_execute", "post_run_cell", "shell_initialized")


class ExecutionResult:
    """An `ExecutionResult` has the value of a cell, `result`, or one of two errors."""

    def __init__(self, info: Any) -> None:
        self.info = info
        self.execution_count: int | None = None
        self.error_before_exec: BaseException | None = None
        self.error_in_exec: BaseException | None = None
        self.result: Any = None

    @property
    def success(self) -> bool:
        """True if the cell ran to its end."""
        return self.error_before_exec is None and self.error_in_exec is None

    def raise_error(self) -> None:
        """Raises the error of the cell, if it has one."""
        error = self.error_before_exec or self.error_in_exec
        if error is not None:
            raise error


class EventManager:
    """An `EventManager` has the callbacks by the name of their event; an error in one is printed and stops no other."""

    def __init__(self) -> None:
        self.callbacks: dict[str, list[Callable[..., Any]]] = {name: [] for name in NAMES}
        self.in_use = False

    def register(self, event: str, function: Callable[..., Any]) -> None:
        """Registers a function for an event; raises KeyError for an unknown event."""
        if not callable(function):
            raise TypeError(f"Need a callable, got {function!r}")
        functions = self._of(event)
        if function not in functions:
            functions.append(function)
        self.in_use = True

    def unregister(self, event: str, function: Callable[..., Any]) -> None:
        """Removes a callback; raises ValueError if it is not registered."""
        functions = self._of(event)
        if function not in functions:
            raise ValueError(f"Function {function!r} is not registered as a {event} callback")
        functions.remove(function)
        self.in_use = any(self.callbacks.values())

    def _of(self, event: str) -> list[Callable[..., Any]]:
        try:
            return self.callbacks[event]
        except KeyError:
            raise KeyError(f"No such event: {event!r}; there are {', '.join(NAMES)}") from None

    def trigger(self, event: str, *args: Any) -> None:
        """Calls the callbacks of an event."""
        for function in list(self.callbacks[event]):
            try:
                function(*args) if _wants_arguments(function, args) else function()
            except Exception as error:
                print(f"Error in callback {function!r} (for {event}): {error!r}", file=sys.stderr)

    def before_cell(self, execution: Execution) -> None:
        """Triggers the two events before a cell."""
        self.trigger("pre_execute")
        if not execution.silent:
            self.trigger("pre_run_cell", _info(execution))

    def after_cell(self, execution: Execution, value: Any, error: BaseException | None) -> None:
        """Triggers the two events after a cell."""
        self.trigger("post_execute")
        if not execution.silent and self.callbacks["post_run_cell"]:
            result = ExecutionResult(_info(execution))
            result.execution_count = execution.count if execution.store_history else None
            result.result = value
            if isinstance(error, SyntaxError):
                result.error_before_exec = error
            else:
                result.error_in_exec = error
            self.trigger("post_run_cell", result)


def _info(execution: Execution) -> Any:
    return SimpleNamespace(
        raw_cell=execution.code, store_history=execution.store_history, silent=execution.silent,
        shell_futures=True, cell_id=None, transformed_cell=None,
    )  # fmt: skip


def _wants_arguments(function: Callable[..., Any], args: tuple[Any, ...]) -> bool:
    if not args:
        return True
    import inspect

    try:
        inspect.signature(function).bind(*args)
    except TypeError:
        return False
    except ValueError:
        return True
    return True
