"""The kernel, put together from its parts."""

from __future__ import annotations

from json import loads
import sys
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from types import ModuleType
from typing import TYPE_CHECKING, Any

from .display.display_formatter import DisplayFormatter
from .display.publisher import DisplayPublisher
from .execution.callbacks import EventManager
from .execution.history import History
from .execution.namespace import Namespace
from .execution.results import ResultDisplay
from .execution.runner import CellRunner
from .execution.tracebacks import ExceptionText, TracebackFormatter, message_of
from .host.comms import CommManager
from .host.events import EventSender
from .host.executions import Execution
from .host.interrupts import Interrupts
from .host.json_text import to_json
from .host.platform import Platform
from .host.programs import running_programs
from .introspection.evaluation import value_of
from .packages.installer import Packages
from .source.compiler import Compiler
from .tables.shown_tables import TARGET, ShownTables
from .tools.calls import ToolCalls
from .waiting.loop_callbacks import LoopCallbacks
from .waiting.stdin import StdinRequests
from .waiting.timers import TimerRegistry
from .waiting.waits import Waits

if TYPE_CHECKING:
    from .debugging.adapter import Debugger


class Kernel:
    """A `Kernel` runs cells in the user's module.

    Making one changes nothing outside of it; `entry.install.install` makes it the kernel of this process.
    """

    def __init__(self, platform: Platform, module: ModuleType | None = None) -> None:
        self.id = ""
        self.platform = platform
        self.interrupts = Interrupts()
        self.events = EventSender(platform, self.interrupts)
        self.waits = Waits(platform, self.events, self.interrupts)
        self.loop_callbacks = LoopCallbacks(self.interrupts, self.events)
        self.timers = TimerRegistry()
        self.stdin = StdinRequests(self.events, self.waits)
        self.tool_calls = ToolCalls(self.events, self.waits)
        self.compiler = Compiler()
        self.tracebacks = TracebackFormatter(self.compiler.cell_name, self.compiler.transformed, value_of)
        self.namespace = Namespace(module)
        self.history = History()
        self.callbacks = EventManager()
        self.display_formatter = DisplayFormatter(self.report)
        self.display_pub = DisplayPublisher(self.events)
        self.comms = CommManager()
        self.comms.events = self.events
        self.packages = Packages(self.waits, self.events, None)
        self.run_shell: Callable[..., Awaitable[str]] | None = None
        self.advise: Callable[[ModuleNotFoundError], None] = lambda error: None  # `import_hooks` sets it.
        self.results = ResultDisplay(self.events, self.namespace, self.display_formatter, self.display_pub)
        self.debugger: Debugger | None = None  # The first request of a debugger makes it.
        self.runner = CellRunner(self)
        self.tables = ShownTables(lambda: self.runner.count)
        self.display_formatter.annotate = self.tables.describe
        self.comms.register_target(TARGET, self.tables.on_open)
        self.tasks = self.runner.tasks

    def execute(self, request_json: str) -> None:
        """Runs the cell of a request in JSON; exactly one execute_reply follows, now or later. Never raises."""
        self.interrupts.noted = False
        self.platform.begin_cell()
        try:
            try:
                execution = Execution(loads(request_json))
            except Exception as error:
                self._reject(request_json, error)
                return
            self.runner.start(execution)
        except BaseException as error:  # This is a bug of the kernel, and the host must not wait for ever.
            self._reject(request_json, error)

    def _reject(self, request_json: str, error: BaseException) -> None:
        execution_id = None
        try:
            execution_id = loads(request_json).get("id")
        except Exception:
            pass
        failure = {"ename": type(error).__name__, "evalue": message_of(error), "traceback": []}
        self.events.send_text(
            to_json(
                {
                    "type": "execute_reply", "executionId": execution_id, "status": "error",
                    "executionCount": self.runner.count, "result": None, "error": failure,
                    "userExpressions": {}, "payload": [],
                }  # fmt: skip
            ),
            essential=True,
        )

    def interrupt(self, execution_id: str) -> bool:
        """Ends the wait of an execution, and those of programs; returns false if it does not wait, or does not run.

        A handler of the user is called instead; the wait ends if the handler raises.
        """
        execution = self.runner.running.get(execution_id)
        if execution is None:
            return False
        wait, task = self.waits.innermost(execution), execution.task
        if wait is None and (task is None or task.done()):
            return False
        interruption: BaseException | None = KeyboardInterrupt()
        if self.interrupts.has_own_handler:
            interruption = self._call_handler(execution)
        if interruption is None:
            return True
        for program in list(running_programs):
            self.waits.end_program(program, KeyboardInterrupt())
        execution.interruption = interruption
        if wait is not None:
            wait.interrupt(interruption)
            return True
        return task is not None and task.cancel()

    def _call_handler(self, execution: Execution) -> BaseException | None:
        """Calls the user's handler of SIGINT as code of an execution; returns what the handler raises."""
        with self.events.code_of(execution):
            try:
                self.interrupts.call_user_code(self.interrupts.strike, None)
            except BaseException as error:
                return error
        return None

    def interrupt_noted(self, execution_id: str) -> bool:
        """Ends the wait of an execution if a SIGINT was noted; returns false if none was, or if it does not wait."""
        if not self.interrupts.noted:
            return False
        self.interrupts.noted = False
        return self.interrupt(execution_id)

    def run_user_code(self, function: Callable[[], Any]) -> None:
        """Calls a function of the user outside of any cell; its exception is printed on stderr."""
        self.interrupts.noted = False
        try:
            self.interrupts.call_user_code(function)
        except BaseException as error:
            self.report(error)

    def format_error(self, error: BaseException) -> ExceptionText:
        """Returns an exception as text; shorter if an interrupt ends a method of the exception, or of a value."""
        self._remember(error)
        try:
            return self.interrupts.call_user_code(self._format_in_mode, error)
        except BaseException:
            name = type(error).__name__
            return ExceptionText(name, "", [f"{name}: (interrupted while being formatted)"])

    def _format_in_mode(self, error: BaseException) -> ExceptionText:
        mode = self.tracebacks.mode
        try:
            return self.tracebacks.format(error)
        except BaseException:
            if mode != "Verbose":
                raise
        self.tracebacks.mode = "Context"  # A value fails to be shown, or takes too long.
        try:
            return self.tracebacks.format(error)
        finally:
            self.tracebacks.mode = mode

    def _remember(self, error: BaseException) -> None:
        sys.last_type, sys.last_value, sys.last_traceback = type(error), error, error.__traceback__
        sys.last_exc = error  # type: ignore[attr-defined]

    def report(self, error: BaseException, execution: Execution | None = None) -> None:
        """Prints an exception on stderr, formatted like that of a cell, as output of an execution."""
        with self.events.code_of(execution) if execution else nullcontext():
            print("\n".join(self.tracebacks.format(error).traceback), file=sys.stderr)

    def evaluate_expressions(self, expressions: dict[str, str]) -> dict[str, Any]:
        """Returns the forms of the values of expressions, or their errors, by name."""
        replies: dict[str, Any] = {}
        for name, source in expressions.items():
            try:
                value = eval(compile(source, "<user expression>", "eval"), self.namespace.names)
                data, metadata = self.display_formatter.format(value)
                replies[name] = {"status": "ok", "data": data, "metadata": metadata}
            except Exception as error:
                replies[name] = {"status": "error", **self.tracebacks.format(error)._asdict()}
        return replies
