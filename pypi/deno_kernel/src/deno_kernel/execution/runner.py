"""Runs cells: directly if they await nothing, and as a task otherwise."""

from __future__ import annotations

import asyncio
import contextvars
from types import CodeType
from typing import Any, Protocol

from ..current import running_shell
from ..host.events import EventSender
from ..host.executions import Execution, current_execution
from ..host.programs import switch_to
from ..host.interrupts import Interrupts
from ..host.json_text import quote, to_json
from ..host.platform import Platform
from ..packages.installer import Packages
from ..source.compiler import CompiledCell, Compiler, needs_await
from ..source.interactivity import CHOICES, DEFAULT
from ..waiting.loop_callbacks import mark_own
from .builtin_names import BuiltinNames
from .callbacks import EventManager, ExecutionResult, result_of
from .history import History
from .namespace import Namespace
from .results import ResultDisplay
from .tracebacks import ExceptionText, message_of


class CellParts(Protocol):
    """A `CellParts` has the parts of a kernel that are needed to run a cell."""

    platform: Platform
    interrupts: Interrupts
    events: EventSender
    packages: Packages
    callbacks: EventManager
    compiler: Compiler
    namespace: Namespace
    history: History
    results: ResultDisplay

    def evaluate_expressions(self, expressions: dict[str, str]) -> dict[str, Any]:
        """Returns the forms of some expressions' values, or their errors, by name."""

    def report(self, error: BaseException) -> None:
        """Prints an exception on stderr."""

    def format_error(self, error: BaseException) -> ExceptionText:
        """Returns an exception as text."""


class CellRunner:
    """A `CellRunner` takes executions from their request to their reply."""

    def __init__(self, kernel: CellParts) -> None:
        self._kernel = kernel
        self.tasks: dict[str, asyncio.Task[Any]] = {}
        self.running: dict[str, Execution] = {}
        self.count = 0
        self._last: tuple[Execution, Any, BaseException | None] | ExecutionResult | None = None
        # The context variables of user code are kept from one cell to the next.
        self._context = contextvars.Context()
        self._context_in_use = False
        self.builtins = BuiltinNames()

    @property
    def last_result(self) -> ExecutionResult | None:
        """The result of the last cell that ended and was not silent; None before one did."""
        return result_of(*self._last) if isinstance(self._last, tuple) else self._last

    @last_result.setter
    def last_result(self, result: ExecutionResult) -> None:
        self._last = result

    def forget(self, value: Any) -> None:
        """Drops a value from the result of the last cell, which must not keep an object of the user."""
        last = self.last_result
        if last is not None and last.result is value:
            last.result = None
            self._last = last

    def start(self, execution: Execution) -> None:
        """Runs the execution, or starts a task that runs it; a reply follows in either case."""
        if self._context_in_use:
            # Another cell still waits in the context, and its events must not become those of this cell.
            self._context.copy().run(self._start, execution, None)
        else:
            self._context_in_use = True
            self._context.run(self._start, execution, self._context)

    def _start(self, execution: Execution, context: contextvars.Context | None) -> None:
        kernel, interrupts = self._kernel, self._kernel.interrupts
        current_execution.set(execution)
        kernel.events.own(execution)
        switch_to(None)
        self.running[execution.id] = execution
        if execution.store_history:
            self.count += 1
        execution.count = self.count
        if not execution.silent:
            kernel.events.send_text(
                f'{{"type":"execute_input","executionId":{execution.id_json},'
                f'"code":{quote(execution.code)},"executionCount":{execution.count}}}',
                essential=True,
            )
        cell: CompiledCell | None = None
        value: Any = None
        error: BaseException | None = None
        suspended = False
        try:
            cell = self._prepare(execution)
            kernel.packages.missing_modules.load_imports(cell.source)
            suspended = needs_await(cell.body) or needs_await(cell.expression)
            if not suspended:
                try:
                    value = interrupts.call_user_code(self._run, execution, cell)
                finally:
                    self.builtins.restore()
        except BaseException as raised:
            error = raised
        if suspended and cell is not None:
            self._run_as_task(execution, cell, context)
            return
        if context is not None:
            self._context_in_use = False
        self._finish(execution, cell, value, error)

    def abandon(self, execution_id: str, error: BaseException) -> None:
        """Ends an execution with an error that has kept the kernel from ending it. Raises KeyError if it does not run."""
        execution = self.running[execution_id]
        self._kernel.events.own(execution)
        self.builtins.restore()
        task = self.tasks.get(execution_id)
        if task is None:
            self._context_in_use = False
        else:
            task.cancel()
        self._finish(execution, None, None, error)

    def _run(self, execution: Execution, cell: CompiledCell) -> Any:
        """Runs a cell that awaits nothing, as user code; returns the value of its last expression."""
        self._begin(execution)
        names = self._kernel.namespace.names
        try:
            if cell.body is not None:
                exec(cell.body, names)
            return None if cell.expression is None else eval(cell.expression, names)
        except ModuleNotFoundError as error:
            self._kernel.advise(error)
            raise

    async def _run_awaiting(self, execution: Execution, cell: CompiledCell) -> Any:
        """Runs a cell that awaits something, as user code; returns the value of its last expression."""
        self._begin(execution)
        try:
            return await evaluate(cell, self._kernel.namespace.names)
        except ModuleNotFoundError as error:
            self._kernel.advise(error)
            raise

    def _begin(self, execution: Execution) -> None:
        self._kernel.platform.close_reserve()
        self._kernel.interrupts.deliver()
        self._kernel.namespace.forget_warnings()
        if self._kernel.callbacks.in_use:
            self._kernel.callbacks.before_cell(execution)

    def _prepare(self, execution: Execution) -> CompiledCell:
        kernel = self._kernel
        if execution.store_history:
            kernel.namespace.record_input(execution.count, execution.code)
            execution.history = kernel.history.add(execution.count, execution.code)
            filename = kernel.compiler.name_cell(execution.count)
        else:
            filename = kernel.compiler.name_cell(None)
        execution.filename = filename
        shell = running_shell()
        interactivity = DEFAULT if shell is None or execution.silent else shell.ast_node_interactivity

        def compiled() -> CompiledCell:
            code = execution.code if shell is None else shell.prepared(execution.code)
            return kernel.compiler.compile(code, filename, True, interactivity)

        if interactivity not in CHOICES and shell is not None:
            shell.ast_node_interactivity = DEFAULT  # Otherwise no later cell could choose another one.
        try:
            # This counts as user code, so that an interrupt can end the compiling of a huge cell.
            cell = kernel.interrupts.call_user_code(compiled)
        except Exception:
            kernel.interrupts.call_user_code(self._begin, execution)  # Its callbacks are called nevertheless.
            raise
        if execution.history is not None:
            execution.history.source = cell.source
        return cell

    def _run_as_task(
        self, execution: Execution, cell: CompiledCell, context: contextvars.Context | None
    ) -> None:
        kernel = self._kernel
        value: Any = None
        error: BaseException | None = None

        async def run() -> None:
            nonlocal value, error
            try:
                try:
                    value = await kernel.interrupts.await_user_code(self._run_awaiting, execution, cell)
                finally:
                    self.builtins.restore()
            except BaseException as raised:
                error = raised

        def done(task: asyncio.Task[Any]) -> None:
            nonlocal error
            self.tasks.pop(execution.id, None)
            if context is not None:
                self._context_in_use = False
            if error is None:  # A signal came before or after the `try`, or the task never began.
                error = asyncio.CancelledError() if task.cancelled() else task.exception()
            if isinstance(error, asyncio.CancelledError) and execution.interruption is not None:
                interruption = execution.interruption
                error = interruption.with_traceback(interruption.__traceback__ or error.__traceback__)
            self._finish(execution, cell, value, error)

        mark_own(done)
        run_in = context if context is not None else contextvars.copy_context()
        task = asyncio.get_running_loop().create_task(run(), context=run_in)
        execution.task = task
        self.tasks[execution.id] = task
        task.add_done_callback(done, context=run_in)
        kernel.events.flush()

    def _finish(
        self, execution: Execution, cell: CompiledCell | None, value: Any, error: BaseException | None
    ) -> None:
        """Shows the value or the error, calls the callbacks at the end of a cell, and replies."""
        if execution.finished:  # It was abandoned.
            return
        kernel, interrupts = self._kernel, self._kernel.interrupts
        kernel.platform.open_reserve()
        result = "null"
        expressions: dict[str, Any] = {}
        failure: ExceptionText | None = None
        if cell is None or not cell.shows_result:
            value = None  # Nobody sees the value, so that nothing keeps it: a task without owner reports its error.
        elif error is None and value is not None and not execution.silent:
            try:
                result = interrupts.call_user_code(kernel.results.show, value, execution)
            except BaseException as raised:
                error = raised
        if error is not None:
            failure = self._report(execution, error)
        if not execution.silent:
            self._last = execution, value, error
        try:
            interrupts.call_user_code(self._conclude, execution, value, error, expressions)
        except BaseException as raised:
            failure = failure or self._report(execution, raised)
        if failure is not None:
            result, expressions = "null", {}
        self.running.pop(execution.id, None)
        execution.finished = True
        interrupts.noted = False
        self._reply(execution, result, failure, expressions)

    def _conclude(
        self, execution: Execution, value: Any, error: BaseException | None, expressions: dict[str, Any]
    ) -> None:
        """Calls the callbacks at the end of a cell, such as that which shows figures, and evaluates expressions."""
        kernel = self._kernel
        if kernel.callbacks.in_use:
            kernel.callbacks.after_cell(execution, value, error)
        if error is None and execution.user_expressions:
            expressions.update(kernel.evaluate_expressions(execution.user_expressions))

    def _report(self, execution: Execution, error: BaseException) -> ExceptionText:
        kernel = self._kernel
        failure = self._shown_by_user(error)
        if failure is not None:
            return failure
        failure = kernel.format_error(error)
        head = f'{{"type":"execute_error","executionId":{execution.id_json},'
        if not kernel.events.send_text(head + _error_json(failure)[1:]):
            failure = failure.shortened()
            kernel.events.send_text(head + _error_json(failure)[1:], essential=True)
        return failure

    def _shown_by_user(self, error: BaseException) -> ExceptionText | None:
        """Has the user's own function show an error, and returns its text; None if there is none, or if it fails."""
        shell = running_shell()
        if shell is None or isinstance(error, (KeyboardInterrupt, SystemExit)):
            return None
        try:
            lines = self._kernel.interrupts.call_user_code(shell.show_in_the_users_way, error)
        except BaseException as failure:
            self._kernel.report(failure)
            return None
        return None if lines is None else ExceptionText(type(error).__name__, message_of(error), lines)

    def _reply(
        self, execution: Execution, result: str, failure: ExceptionText | None, expressions: dict[str, Any]
    ) -> None:
        status = "ok" if failure is None else "error"
        error = "null" if failure is None else _error_json(failure)
        if failure is not None and not _fits(error):
            error = _error_json(failure.shortened())  # An event has told the whole of it.
        events = self._kernel.events
        if not _fits(result):
            result = "null"
        shown = to_json(expressions) if expressions else "{}"
        if expressions and not (_fits(shown) and events.admit(len(shown))):
            shown = to_json(dict.fromkeys(expressions, _TOO_LARGE))
        payload = to_json(execution.payload) if execution.payload else "[]"
        if execution.payload and not (_fits(payload) and events.admit(len(payload))):
            payload = "[]"
        events.send_text(
            f'{{"type":"execute_reply","executionId":{execution.id_json},"status":"{status}",'
            f'"executionCount":{execution.count},"result":{result},"error":{error},'
            f'"userExpressions":{shown},"payload":{payload}}}',
            essential=True,
        )


_PART_LENGTH = 1_500_000
"""The longest JSON of one part of a reply, in characters: the host bounds the whole of it."""
_PART_VALUES = 150_000
"""The most values in it."""


def _fits(part: str) -> bool:
    if len(part) < 20_000:
        return True
    values = part.count(",") + part.count(":") + part.count("[") + part.count("{") + part.count("\\")
    return len(part) <= _PART_LENGTH and values <= _PART_VALUES


_TOO_LARGE = {"status": "error", "ename": "OutputLimitExceeded", "evalue": "The value is too large to show", "traceback": []}


def _error_json(failure: ExceptionText) -> str:
    return to_json(failure._asdict())


async def evaluate(cell: CompiledCell, names: dict[str, Any], local_names: dict[str, Any] | None = None) -> Any:
    """Runs a compiled cell that may await; returns the value of its last expression."""
    if cell.body is not None:
        await _evaluate(cell.body, names, local_names)
    return None if cell.expression is None else await _evaluate(cell.expression, names, local_names)


async def _evaluate(code: CodeType, names: dict[str, Any], local_names: dict[str, Any] | None) -> Any:
    value = eval(code, names, local_names)
    return await value if needs_await(code) else value
