"""Runs code as a cell inside of a running cell, for `run_cell`, `%time` and `%run`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..current import running_shell
from ..execution.callbacks import ExecutionInfo, ExecutionResult
from ..execution.runner import evaluate
from ..host.executions import current_execution
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


def run_compiled(kernel: Kernel, cell: CompiledCell, names: dict[str, Any] | None = None) -> Any:
    """Runs compiled code, waits if it awaits something, and returns the value of its last expression."""
    names = kernel.namespace.names if names is None else names
    if needs_await(cell.body) or needs_await(cell.expression):
        if not kernel.waits.can_wait():
            raise RuntimeError("Cannot await here: Python cannot wait inside synchronous code at this point")
        return kernel.waits.wait(evaluate(cell, names))
    if cell.body is not None:
        exec(cell.body, names)
    return None if cell.expression is None else eval(cell.expression, names)


def show_value(kernel: Kernel, cell: CompiledCell, value: Any) -> None:
    """Displays the value of nested code like that of a cell."""
    execution = current_execution.get()
    if value is not None and cell.shows_result and execution is not None:
        kernel.results.show(value, execution)


def run_nested(kernel: Kernel, source: str, silent: bool = False) -> ExecutionResult:
    """Runs code inside of the running cell; an error is shown and kept in the result, and not raised."""
    result = _begin(source, silent)
    cell: CompiledCell | None = None
    try:
        cell = compile_nested(kernel, source, interactivity(silent))
        result.result = run_compiled(kernel, cell)
        if not silent:
            show_value(kernel, cell, result.result)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        _fail(kernel, result, error, compiled=cell is not None)
    return result


async def run_nested_async(kernel: Kernel, source: str, silent: bool = False) -> ExecutionResult:
    """Does the same as `run_nested` without blocking the event loop."""
    result = _begin(source, silent)
    cell: CompiledCell | None = None
    try:
        cell = compile_nested(kernel, source, interactivity(silent))
        result.result = await evaluate(cell, kernel.namespace.names)
        if not silent:
            show_value(kernel, cell, result.result)
    except Exception as error:
        _fail(kernel, result, error, compiled=cell is not None)
    return result


def interactivity(silent: bool = False) -> str:
    """Returns the choice of the user of the values that nested cells show; none for a silent one."""
    shell = running_shell()
    return "none" if silent else DEFAULT if shell is None else shell.ast_node_interactivity


def _begin(source: str, silent: bool) -> ExecutionResult:
    return ExecutionResult(ExecutionInfo(source, silent=silent))


def _fail(kernel: Kernel, result: ExecutionResult, error: BaseException, compiled: bool) -> None:
    if compiled:
        result.error_in_exec = error
    else:
        result.error_before_exec = error
    shown = kernel.tracebacks.format(error)
    kernel.events.send("execute_error", shown._asdict())
