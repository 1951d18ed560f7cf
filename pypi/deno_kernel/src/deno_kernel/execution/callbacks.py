"""Calls the user's callbacks before and after cells: IPython's `events`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from typing import Any

from ..display.formatters import show_error
from ..host.executions import Execution

NAMES = ("pre_execute", "pre_run_cell", "post_execute", "post_run_cell", "shell_initialized")


class ExecutionInfo:
    """An `ExecutionInfo` tells the callbacks of a cell how it was asked for."""

    def __init__(
        self, raw_cell: str, store_history: bool = False, silent: bool = False, shell_futures: bool = True,
        cell_id: str | None = None, transformed_cell: str | None = None,
    ) -> None:  # fmt: skip
        self.raw_cell = raw_cell
        self.store_history = store_history
        self.silent = silent
        self.shell_futures = shell_futures
        self.cell_id = cell_id
        self.transformed_cell = transformed_cell

    def __repr__(self) -> str:
        cell = self.raw_cell if len(self.raw_cell) <= 50 else self.raw_cell[:50] + ".."
        return (
            f'<{type(self).__qualname__} object at {id(self):x}, raw_cell="{cell}" store_history={self.store_history} '
            f"silent={self.silent} shell_futures={self.shell_futures} cell_id={self.cell_id}>"
        )


class ExecutionResult:
    """An `ExecutionResult` has the value of a cell, `result`, or one of two errors."""

    def __init__(self, info: ExecutionInfo | None = None) -> None:
        self.info = info
        self.execution_count: int | None = None
        self.error_before_exec: BaseException | None = None
        self.error_in_exec: BaseException | None = None
        self.result: Any = None

    @property
    def success(self) -> bool:
        """True if the cell ran to its end."""
        return self.error_before_exec is None and self.error_in_exec is None

    def __repr__(self) -> str:
        return (
            f"<{type(self).__qualname__} object at {id(self):x}, execution_count={self.execution_count} "
            f"error_before_exec={self.error_before_exec!r} error_in_exec={self.error_in_exec!r} info={self.info!r} "
            f"result={self.result!r}>"
        )

    def raise_error(self) -> None:
        """Raises the error of the cell, if it has one."""
        error = self.error_before_exec or self.error_in_exec
        if error is not None:
            raise error


class EventManager:
    """An `EventManager` has the callbacks by the name of their event; an error in one is printed and stops no other."""

    def __init__(self, shell: Any = None, available_events: Iterable[Any] = NAMES) -> None:
        self.shell = shell
        self.callbacks: dict[str, list[Callable[..., Any]]] = {name: [] for name in available_events}
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
            raise KeyError(f"No such event: {event!r}; there are {', '.join(map(str, self.callbacks))}") from None

    def trigger(self, event: str, *args: Any) -> None:
        """Calls the callbacks of an event."""
        for function in list(self.callbacks[event]):
            try:
                function(*args) if _wants_arguments(function, args) else function()
            except Exception as error:
                print(f"Error in callback {function!r} (for {event}):", file=sys.stderr)
                show_error(error)

    def before_cell(self, execution: Execution) -> None:
        """Triggers the two events before the cell of an execution."""
        self.before(_info(execution))

    def after_cell(self, execution: Execution, value: Any, error: BaseException | None) -> None:
        """Triggers the two events after the cell of an execution."""
        self.after(result_of(execution, value, error))

    def before(self, info: ExecutionInfo) -> None:
        """Triggers the two events before a cell; a silent one has only the first."""
        self.trigger("pre_execute")
        if not info.silent:
            self.trigger("pre_run_cell", info)

    def after(self, result: ExecutionResult) -> None:
        """Triggers the two events after a cell; a silent one has only the first."""
        self.trigger("post_execute")
        if result.info is None or not result.info.silent:
            self.trigger("post_run_cell", result)


def result_of(execution: Execution, value: Any, error: BaseException | None) -> ExecutionResult:
    """Returns the result of a cell that has ended."""
    result = ExecutionResult(_info(execution))
    result.execution_count = execution.count if execution.store_history else None
    result.result = value
    if isinstance(error, SyntaxError):
        result.error_before_exec = error
    else:
        result.error_in_exec = error
    return result


def _info(execution: Execution) -> ExecutionInfo:
    source = None if execution.history is None else execution.history.source
    return ExecutionInfo(execution.code, execution.store_history, execution.silent, transformed_cell=source)


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
