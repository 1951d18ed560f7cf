"""Runs code as a cell inside of a running cell, for `run_cell`, `%time` and `%run`."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from typing import TYPE_CHECKING, Any

from ..current import running_shell
from ..execution.callbacks import ExecutionInfo, ExecutionResult
from ..execution.runner import evaluate
from ..host.executions import HistoryEntry, current_execution
from ..source.compiler import CompiledCell, needs_await
from ..source.interactivity import DEFAULT

if TYPE_CHECKING:
    from ..kernel import Kernel


def compile_nested(kernel: Kernel, source: str, interactivity: str = DEFAULT) -> CompiledCell:
    """Compiles code; the body of a cell magic keeps the file name and line numbers of its cell."""
    compiler = kernel.compiler
    execution = current_execution.get()
    if execution is not None and execution.filename and "\n" in execution.code and source.strip():
        code = execution.code.replace("\r\n", "\n")
        if not code.endswith("\n"):
            code += "\n"  # The body of a cell magic ends with a line break too.
        if code.endswith(source):
            lines_before = code[: len(code) - len(source)].count("\n")
            return compiler.compile("\n" * lines_before + source, execution.filename, False, interactivity)
    return compiler.compile(source, compiler.name_cell(None), True, interactivity)


Caller = Callable[..., Any]
"""A `Caller` calls a function with arguments, as the method `runcall` of a profiler does."""


def _call(function: Callable[..., Any], *args: Any) -> Any:
    return function(*args)


def run_compiled(
    kernel: Kernel, cell: CompiledCell, names: dict[str, Any] | None = None, local_names: dict[str, Any] | None = None,
    call: Caller = _call,
) -> Any:  # fmt: skip
    """Runs compiled code, waits if it awaits something, and returns the value of its last expression.

    `names` are the global names, which are the user's by default; `local_names` are those of a calling function.
    `call` calls the functions that run the code.
    """
    names = kernel.namespace.names if names is None else names
    local_names = names if local_names is None else local_names
    if needs_await(cell.body) or needs_await(cell.expression):
        if not kernel.waits.can_wait():
            raise RuntimeError("Cannot await here: Python cannot wait inside synchronous code at this point")
        return call(kernel.waits.wait, evaluate(cell, names, local_names))
    if cell.body is not None:
        call(exec, cell.body, names, local_names)
    return None if cell.expression is None else call(eval, cell.expression, names, local_names)


def show_value(kernel: Kernel, cell: CompiledCell, value: Any) -> None:
    """Displays the value of nested code like that of a cell."""
    execution = current_execution.get()
    if value is not None and cell.shows_result and execution is not None:
        kernel.results.show(value, execution)


class NestedCell:
    """A `NestedCell` runs code inside of the running cell as a cell: with its events, and with a number if it is stored."""

    def __init__(self, kernel: Kernel, raw: str, silent: bool, store_history: bool, prepare: Callable[[str], str]) -> None:
        self._kernel = kernel
        self._prepare = prepare
        self._silent = silent
        self._cell: CompiledCell | None = None
        self._entry: HistoryEntry | None = None
        self._count = kernel.runner.count
        self.result = ExecutionResult(ExecutionInfo(raw, store_history=store_history and not silent, silent=silent))

    def begin(self) -> CompiledCell:
        """Stores the code if that was asked for, calls the callbacks before a cell, and compiles; raises what goes wrong."""
        kernel, info = self._kernel, self.result.info
        assert info is not None
        if info.store_history:
            kernel.runner.count += 1
            self._count = self.result.execution_count = kernel.runner.count
            kernel.namespace.record_input(self._count, info.raw_cell)
            self._entry = kernel.history.add(self._count, info.raw_cell)
        if kernel.callbacks.in_use:
            kernel.callbacks.before(info)
        source = self._prepare(info.raw_cell)
        if self._entry is None:
            cell = compile_nested(kernel, source, interactivity(self._silent))
        else:
            name = kernel.compiler.name_cell(self._count)
            cell = kernel.compiler.compile(source, name, True, interactivity(self._silent))
            self._entry.source = cell.source
        info.transformed_cell = cell.source
        self._cell = cell
        return cell

    def show(self, value: Any) -> None:
        """Displays the value, and keeps it in the result unless a semicolon hides it."""
        cell, execution = self._cell, current_execution.get()
        if cell is None or not cell.shows_result:
            return
        self.result.result = value
        if value is None or self._silent or execution is None:
            return
        if self._entry is not None:
            execution = copy(execution)
            execution.count, execution.history, execution.store_history = self._count, self._entry, True
        self._kernel.results.show(value, execution)

    def fail(self, error: BaseException) -> None:
        """Shows an error, in the user's way if there is one, and keeps it in the result."""
        kernel, shell = self._kernel, running_shell()
        if self._cell is None:
            self.result.error_before_exec = error
        else:
            self.result.error_in_exec = error
        if shell is None or shell.show_in_the_users_way(error) is None:
            kernel.events.send("execute_error", kernel.format_error(error)._asdict())

    def end(self) -> ExecutionResult:
        """Calls the callbacks after a cell, and returns the result."""
        if not self._silent:
            self._kernel.runner.last_result = self.result
        if self._kernel.callbacks.in_use:
            self._kernel.callbacks.after(self.result)
        return self.result


def run_nested(kernel: Kernel, cell: NestedCell) -> ExecutionResult:
    """Runs code inside of the running cell; an error is shown and kept in the result, and not raised."""
    try:
        cell.show(run_compiled(kernel, cell.begin()))
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        cell.fail(error)
    return cell.end()


async def run_nested_async(kernel: Kernel, cell: NestedCell) -> ExecutionResult:
    """Does the same as `run_nested` without blocking the event loop."""
    try:
        cell.show(await evaluate(cell.begin(), kernel.namespace.names))
    except Exception as error:
        cell.fail(error)
    return cell.end()


def interactivity(silent: bool = False) -> str:
    """Returns the choice of the user of the values that nested cells show; none for a silent one."""
    shell = running_shell()
    return "none" if silent else DEFAULT if shell is None else shell.ast_node_interactivity
