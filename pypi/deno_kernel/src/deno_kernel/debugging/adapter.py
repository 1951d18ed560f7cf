"""Answers the requests of Jupyter's debugger protocol, which is the Debug Adapter Protocol with some additions."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any, Protocol

from ..display.display_formatter import DisplayFormatter
from ..execution.callbacks import EventManager
from ..execution.namespace import Namespace
from ..host.events import EventSender
from ..host.interrupts import Interrupts
from ..waiting.waits import Waits
from .arguments import checked
from .sources import HASH_SEED, TMP_PREFIX, TMP_SUFFIX, Sources
from .tracer import Breakpoint, Stop, Tracer
from .values import Names, References, text_of

_THREAD = 1  # An interpreter here has one thread.

_FILTERS = [
    {"filter": "raised", "label": "Raised Exceptions", "default": False},
    {"filter": "uncaught", "label": "Uncaught Exceptions", "default": False},
]
_CAPABILITIES = {
    "supportsConfigurationDoneRequest": True,
    "supportsConditionalBreakpoints": True,
    "supportsHitConditionalBreakpoints": True,
    "supportsLogPoints": True,
    "supportsEvaluateForHovers": True,
    "supportsExceptionInfoRequest": True,
    "supportsModulesRequest": True,
    "supportsSetVariable": True,
    "exceptionBreakpointFilters": _FILTERS,
}

Arguments = dict[str, Any]


class DebuggedKernel(Protocol):
    """A `DebuggedKernel` has the parts of a kernel that a debugger needs."""

    callbacks: EventManager
    display_formatter: DisplayFormatter
    events: EventSender
    interrupts: Interrupts
    namespace: Namespace
    waits: Waits


class Debugger:
    """A `Debugger` answers requests and reports stops; it is idle until a front end attaches it."""

    def __init__(self, kernel: DebuggedKernel) -> None:
        self._kernel = kernel
        self._sources = Sources()
        self._tracer = Tracer(
            self._sources.path_of, self._wait, self._await_turn, self._log, kernel.interrupts.own_code
        )
        self._references = References()
        self._breakpoints: dict[str, list[dict[str, Any]]] = {}
        self._stop: Stop | None = None
        self._resumed: asyncio.Future[None] | None = None
        self._sequence = 0
        self._numbers = 0

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """Returns the response to a request. Never raises because of the request."""
        command = str(request.get("command", ""))
        arguments = request.get("arguments") or {}
        self._sequence += 1
        response: dict[str, Any] = {
            "seq": self._sequence, "type": "response", "request_seq": request.get("seq", 0), "success": True,
            "command": command,
        }  # fmt: skip
        try:
            handler = self._handlers().get(command)
            if handler is None:
                raise LookupError(f"This debugger does not know the command {command!r}")
            with self._tracer.quiet():
                body = self._kernel.interrupts.call_user_code(handler, checked(arguments))
            if body is not None:
                response["body"] = body
        except BaseException as error:  # Evaluated code may raise SystemExit, and an interrupt ends it.
            response["success"] = False
            response["message"] = f"{error}" or type(error).__name__
        return response

    def _handlers(self) -> dict[str, Callable[[Arguments], Any]]:
        return {
            "initialize": self._initialize, "attach": self._attach, "configurationDone": lambda _: None,
            "debugInfo": self._debug_info, "dumpCell": self._dump_cell, "source": self._source,
            "setBreakpoints": self._set_breakpoints, "setFunctionBreakpoints": lambda _: {"breakpoints": []},
            "setExceptionBreakpoints": self._set_exception_breakpoints, "exceptionInfo": self._exception_info,
            "threads": lambda _: {"threads": [{"id": _THREAD, "name": "MainThread"}]},
            "stackTrace": self._stack_trace, "scopes": self._scopes, "variables": self._variables,
            "inspectVariables": self._inspect_variables, "richInspectVariables": self._rich_inspect,
            "setVariable": self._set_variable, "copyToGlobals": self._copy_to_globals, "evaluate": self._evaluate,
            "modules": self._modules, "continue": self._continue, "next": self._step("over"),
            "stepIn": self._step("in"), "stepOut": self._step("out"), "disconnect": self._disconnect,
            "terminate": self._disconnect,
        }  # fmt: skip

    # The session

    def _initialize(self, arguments: Arguments) -> dict[str, Any]:
        if not hasattr(sys, "monitoring"):
            raise RuntimeError("Cannot debug: this version of Python has no sys.monitoring")
        self._send("initialized", {})
        return dict(_CAPABILITIES)

    def _attach(self, arguments: Arguments) -> None:
        if self._tracer.active:
            return
        self._tracer.attach()
        if sys.breakpointhook is sys.__breakpointhook__:
            sys.breakpointhook = self._stop_here
        self._kernel.callbacks.register("post_execute", self._tracer.end_step)
        self._send("thread", {"reason": "started", "threadId": _THREAD})

    def _disconnect(self, arguments: Arguments) -> None:
        if not self._tracer.active:
            return
        self._tracer.detach()
        if sys.breakpointhook == self._stop_here:
            sys.breakpointhook = sys.__breakpointhook__
        self._tracer.watch_exceptions(raised=False, uncaught=False)
        self._kernel.callbacks.unregister("post_execute", self._tracer.end_step)
        self._breakpoints.clear()
        self._resume()

    def _debug_info(self, arguments: Arguments) -> dict[str, Any]:
        filters = [("raised", self._tracer.raised), ("uncaught", self._tracer.uncaught)]
        return {
            "isStarted": self._tracer.active,
            "hashMethod": "Murmur2",
            "hashSeed": HASH_SEED,
            "tmpFilePrefix": TMP_PREFIX,
            "tmpFileSuffix": TMP_SUFFIX,
            "breakpoints": [{"source": path, "breakpoints": kept} for path, kept in self._breakpoints.items()],
            "stoppedThreads": [] if self._stop is None else [_THREAD],
            "richRendering": True,
            "exceptionPaths": [name for name, chosen in filters if chosen],
            "copyToGlobals": True,
        }

    # Sources and breakpoints

    def _dump_cell(self, arguments: Arguments) -> dict[str, Any]:
        return {"sourcePath": self._sources.dump(arguments["code"])}

    def _source(self, arguments: Arguments) -> dict[str, Any]:
        return {"content": self._sources.text_of(arguments["source"]["path"]), "mimeType": "text/x-python"}

    def _set_breakpoints(self, arguments: Arguments) -> dict[str, Any]:
        path = arguments["source"]["path"]
        possible = sorted(self._sources.lines_of(path))
        kept, answers = [], []
        for options in arguments.get("breakpoints") or []:
            wanted = int(options["line"])
            line = next((it for it in possible if it >= wanted), None) if possible else wanted
            self._numbers += 1
            if line is None:
                answer = {"id": self._numbers, "verified": False, "line": wanted, "message": "There is no code here"}
            else:
                kept.append((Breakpoint(self._numbers, line, options), {**options, "line": line}))
                answer = {"id": self._numbers, "verified": True, "line": line, "source": {"path": path}}
            answers.append(answer)
        self._tracer.set_breakpoints(path, [breakpoint for breakpoint, _ in kept])
        self._breakpoints[path] = [options for _, options in kept]
        if not kept:
            del self._breakpoints[path]
        return {"breakpoints": answers}

    def _set_exception_breakpoints(self, arguments: Arguments) -> None:
        filters = arguments.get("filters") or []
        self._tracer.watch_exceptions(raised="raised" in filters, uncaught="uncaught" in filters)

    def _exception_info(self, arguments: Arguments) -> dict[str, Any]:
        error = None if self._stop is None else self._stop.error
        if error is None:
            raise LookupError("The code has not stopped at an exception")
        return {"exceptionId": type(error).__name__, "description": str(error), "breakMode": "always"}

    # The stopped code

    def _stop_here(self, *args: Any, **options: Any) -> Any:
        """Is what `breakpoint()` calls while a front end debugs, unless the user has chosen something else."""
        if os.environ.get("PYTHONBREAKPOINT"):
            return sys.__breakpointhook__(*args, **options)
        self._tracer.stop_here()
        return None

    def _await_turn(self) -> bool:
        """Waits until no code has stopped; returns false if code cannot wait, or if the debugger has left."""
        waits = self._kernel.waits
        while self._resumed is not None:
            if not waits.can_wait():
                self._log("The debugger cannot stop here: this code runs where Python cannot wait")
                return False
            turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._resumed.add_done_callback(lambda _, turn=turn: turn.done() or turn.set_result(None))
            waits.wait(turn)
        return self._tracer.active

    def _wait(self, stop: Stop) -> None:
        """Reports a stop and waits until a request lets the code go on; an interrupt ends the wait."""
        waits = self._kernel.waits
        if not waits.can_wait():
            self._log("The debugger cannot stop here: this code runs where Python cannot wait")
            return
        self._stop = stop
        self._references.clear()
        self._resumed = asyncio.get_running_loop().create_future()
        description = {"description": str(stop.error), "text": type(stop.error).__name__} if stop.error else {}
        self._send(
            "stopped",
            {"reason": stop.reason, "threadId": _THREAD, "allThreadsStopped": True, "preserveFocusHint": False}
            | description,
        )
        try:
            waits.wait(self._resumed)
        finally:
            self._stop = self._resumed = None
            self._references.clear()
            self._send("continued", {"threadId": _THREAD, "allThreadsContinued": True})

    def _resume(self) -> None:
        if self._resumed is not None and not self._resumed.done():
            self._resumed.set_result(None)

    def _continue(self, arguments: Arguments) -> dict[str, Any]:
        self._stopped()
        self._resume()
        return {"allThreadsContinued": True}

    def _step(self, kind: str) -> Callable[[Arguments], None]:
        def step(arguments: Arguments) -> None:
            self._stopped()
            self._tracer.step(kind)
            self._resume()

        return step

    def _stopped(self) -> Stop:
        if self._stop is None:
            raise RuntimeError("The code has not stopped")
        return self._stop

    def _frame(self, number: Any) -> FrameType | None:
        """Returns a frame by its number; None if no code has stopped, or no frame is asked for."""
        if not number or self._stop is None:
            return None
        frames = self._stop.frames
        if not isinstance(number, int) or not 0 < number <= len(frames):
            raise LookupError(f"There is no frame {number}")
        return frames[number - 1][0]

    def _stack_trace(self, arguments: Arguments) -> dict[str, Any]:
        frames = [] if self._stop is None else self._stop.frames
        start = arguments.get("startFrame") or 0
        count = arguments.get("levels") or len(frames)
        shown = []
        for number, (frame, line) in list(enumerate(frames, 1))[start : start + count]:
            path = self._sources.path_of(frame.f_code)
            source = {"name": path.rpartition("/")[2], "path": path, "sourceReference": 0}
            name = frame.f_code.co_qualname if sys.version_info >= (3, 11) else frame.f_code.co_name
            shown.append({"id": number, "name": name, "line": line, "column": 1, "source": source})
        return {"stackFrames": shown, "totalFrames": len(frames)}

    def _scopes(self, arguments: Arguments) -> dict[str, Any]:
        frame = self._frame(arguments["frameId"])
        if frame is None:
            raise RuntimeError("The code has not stopped")
        found = [("Locals", "locals", frame.f_locals), ("Globals", "globals", frame.f_globals)]
        return {
            "scopes": [
                {"name": name, "presentationHint": hint, "expensive": False,
                 "variablesReference": self._references.add(self._names(names))}
                for name, hint, names in found
            ]
        }  # fmt: skip

    def _names(self, names: Any) -> Names:
        namespace = self._kernel.namespace
        if names is namespace.names:
            return Names(namespace.names, namespace.user_names())
        return Names(names)

    # Values

    def _variables(self, arguments: Arguments) -> dict[str, Any]:
        found = self._references.parts(arguments["variablesReference"])
        start = arguments.get("start") or 0
        count = arguments.get("count") or 0
        return {"variables": found[start : start + count] if count else found[start:]}

    def _inspect_variables(self, arguments: Arguments) -> dict[str, Any]:
        names = self._names(self._kernel.namespace.names)
        return {"variables": [self._references.variable(name, value) for name, value in names.items()]}

    def _rich_inspect(self, arguments: Arguments) -> dict[str, Any]:
        value = self._value(arguments["variableName"], self._frame(arguments.get("frameId")))
        data, metadata = self._kernel.display_formatter.format(value)
        return {"data": data, "metadata": metadata}

    def _value(self, expression: str, frame: FrameType | None, *, statements: bool = False) -> Any:
        """Evaluates an expression, or runs statements if allowed, in a frame or among the user's variables."""
        if frame is None:
            scopes: tuple[Any, Any] = (self._kernel.namespace.names, self._kernel.namespace.names)
        else:
            scopes = (frame.f_globals, frame.f_locals)
        try:
            try:
                code = compile(expression.strip(), "<debug console>", "eval")
            except SyntaxError:
                if not statements:
                    raise
                return exec(compile(expression, "<debug console>", "exec"), *scopes)
            return eval(code, *scopes)
        except BaseException as error:
            raise RuntimeError(f"{type(error).__name__}: {error}") from error

    def _evaluate(self, arguments: Arguments) -> dict[str, Any]:
        # A watch, or what the pointer rests on, is looked at again and again, and must not change the program.
        console = arguments.get("context", "repl") == "repl"
        value = self._value(arguments["expression"], self._frame(arguments.get("frameId")), statements=console)
        shown = self._references.variable(arguments["expression"], value)
        result = "" if value is None and console else text_of(value)
        return {"result": result, "type": shown["type"], "variablesReference": shown["variablesReference"]}

    def _set_variable(self, arguments: Arguments) -> dict[str, Any]:
        name, reference = arguments["name"], arguments.get("variablesReference") or 0
        frame = self._stopped().frames[0][0]
        value = self._value(arguments["value"], frame)
        if reference:
            self._references.assign(reference, name, value)
        else:
            Names(frame.f_locals).assign(name, value)
        shown = self._references.variable(name, value)
        return {key: shown[key] for key in ("value", "type", "variablesReference")}

    def _copy_to_globals(self, arguments: Arguments) -> dict[str, Any]:
        target = arguments["dstVariableName"]
        if not target.isidentifier():
            raise ValueError(f"arguments.dstVariableName: {target!r} is no name")
        value = self._value(arguments["srcVariableName"], self._frame(arguments.get("srcFrameId")))
        self._kernel.namespace.names[target] = value
        shown = self._references.variable(target, value)
        return {key: shown[key] for key in ("value", "type", "variablesReference")}

    def _modules(self, arguments: Arguments) -> dict[str, Any]:
        modules = list(sys.modules.values())
        start = arguments.get("startModule") or 0
        count = arguments.get("moduleCount") or len(modules)
        found = []
        for number, module in list(enumerate(modules))[start : start + count]:
            path = getattr(getattr(module, "__spec__", None), "origin", None)
            if isinstance(path, str) and path.endswith(".py"):
                found.append({"id": number, "name": module.__name__, "path": path})
        return {"modules": found, "totalModules": len(modules)}

    # Events

    def _log(self, text: str) -> None:
        self._send("output", {"category": "console", "output": f"{text}\n"})

    def _send(self, event: str, body: dict[str, Any]) -> None:
        self._sequence += 1
        message = {"seq": self._sequence, "type": "event", "event": event, "body": body}
        self._kernel.events.send("debug_event", {"data": message, "metadata": {}}, essential=True)
