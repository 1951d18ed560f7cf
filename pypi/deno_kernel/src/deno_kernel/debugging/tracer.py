"""Stops running code at breakpoints and steps, by `sys.monitoring`.

A stop suspends the interpreter: the stack of the cell waits, and the event loop goes on and answers the debugger. A task
that comes to a breakpoint meanwhile waits until the code that has stopped goes on. The debugger's own code and what it
evaluates does not stop.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from types import CodeType, FrameType, TracebackType
from typing import Any

from ..execution.traceback_frames import is_hidden
from .frames import is_library, is_visible

_TOOL = 3  # The numbers that Python has names for belong to pdb, coverage tools and profilers.
_PACKAGES = ("/site-packages/", "/dist-packages/")


class Breakpoint:
    """A `Breakpoint` is a line with the conditions on which code stops there."""

    def __init__(self, number: int, line: int, options: dict[str, Any]) -> None:
        self.number = number
        self.line = line
        self.condition: str = options.get("condition") or ""
        self.hit_condition: str = options.get("hitCondition") or ""
        self.log_message: str = options.get("logMessage") or ""
        self.hits = 0
        self.complained = False


class Stop:
    """A `Stop` is a moment at which code waits: its frames with their lines, innermost first."""

    def __init__(self, reason: str, frames: list[tuple[FrameType, int]], error: BaseException | None = None) -> None:
        self.reason = reason
        self.frames = frames
        self.error = error


class Tracer:
    """A `Tracer` watches the lines of the user's code, and calls `on_stop` where it should stop.

    `on_stop` returns when the code should go on; it may raise. `await_turn` waits until no other code has stopped, and
    returns false if the code shall not stop. `path_of` names the source of code, and `own_code` is the context in which
    no interrupt strikes.
    """

    def __init__(
        self,
        path_of: Callable[[CodeType], str],
        on_stop: Callable[[Stop], None],
        await_turn: Callable[[], bool],
        log: Callable[[str], None],
        own_code: Callable[[], AbstractContextManager[None]],
    ) -> None:
        self._own_code = own_code
        self._path_of = path_of
        self._on_stop = on_stop
        self._await_turn = await_turn
        self._log = log
        self._breakpoints: dict[str, dict[int, Breakpoint]] = {}
        self._stopped = False
        self._quiet = False
        self._stepping = ""
        # The frames that wait, innermost first, while code has stopped or takes a step.
        self._chain: list[FrameType] = []
        # The frame in which a step out began.
        self._left: FrameType | None = None
        # The frame to which a step has returned: it stops with its next instruction, in the middle of a line.
        self._returned_to: FrameType | None = None
        self.raised = False
        self.uncaught = False
        self.active = False

    def attach(self) -> None:
        """Begins to watch; raises RuntimeError if another debugger has the place."""
        if self.active:
            return
        monitoring = sys.monitoring
        try:
            monitoring.use_tool_id(_TOOL, "deno_kernel")
        except ValueError:
            raise RuntimeError(f"Cannot debug: {monitoring.get_tool(_TOOL)} watches this interpreter") from None
        events = monitoring.events
        monitoring.register_callback(_TOOL, events.PY_START, self._on_start)
        monitoring.register_callback(_TOOL, events.LINE, self._on_line)
        monitoring.register_callback(_TOOL, events.PY_RETURN, self._on_return)
        monitoring.register_callback(_TOOL, events.INSTRUCTION, self._on_instruction)
        monitoring.register_callback(_TOOL, events.RAISE, self._on_raise)
        monitoring.register_callback(_TOOL, events.PY_UNWIND, self._on_unwind)
        self.active = True
        self._watch()

    def detach(self) -> None:
        """Ends watching and forgets all breakpoints."""
        if not self.active:
            return
        self.active = False
        self._stepping = ""
        self._breakpoints.clear()
        sys.monitoring.clear_tool_id(_TOOL)
        sys.monitoring.free_tool_id(_TOOL)

    @contextmanager
    def quiet(self) -> Iterator[None]:
        """Lets code of the debugger, and what it evaluates, run without a stop."""
        before, self._quiet = self._quiet, True
        try:
            yield
        finally:
            self._quiet = before

    def stop_here(self) -> None:
        """Stops the code that calls this, as at a breakpoint."""
        if not self._quiet:
            self._stop("breakpoint", _stack(sys._getframe(1)))

    def set_breakpoints(self, path: str, breakpoints: list[Breakpoint]) -> None:
        """Replaces the breakpoints of one source."""
        self._breakpoints[path] = {breakpoint.line: breakpoint for breakpoint in breakpoints}
        if not breakpoints:
            del self._breakpoints[path]
        if self.active:
            self._watch()

    def step(self, kind: str) -> None:
        """Stops again after a step `in`, `over` or `out` of the line that the code has stopped at."""
        self._stepping = kind
        self._left = self._chain[0] if kind == "out" and self._chain else None

    def end_step(self) -> None:
        """Gives up a step, because the code in which it was taken has ended."""
        if self._stepping:
            self._end_step()
            self._watch()

    def _end_step(self) -> None:
        codes = {frame.f_code for frame in self._chain}
        self._stepping = ""
        self._chain = []
        self._left = self._returned_to = None
        for code in codes:
            self._watch_code(code)

    def watch_exceptions(self, *, raised: bool, uncaught: bool) -> None:
        """Chooses the exceptions at which code stops."""
        self.raised, self.uncaught = raised, uncaught
        if self.active:
            self._watch()

    def _watch(self) -> None:
        monitoring, events = sys.monitoring, sys.monitoring.events
        wanted = events.PY_START
        if self._stepping:
            wanted |= events.PY_RETURN | events.PY_UNWIND
        if self._stepping == "in":
            wanted |= events.LINE
        if self.raised:
            wanted |= events.RAISE
        if self.uncaught:
            wanted |= events.PY_UNWIND
        monitoring.set_events(_TOOL, wanted)
        for frame in self._chain:
            self._watch_code(frame.f_code)
        monitoring.restart_events()

    def _watch_code(self, code: CodeType) -> None:
        """Watches the lines of code with breakpoints or a step; unlike global events, also where it runs already."""
        if not self.active:
            return
        events, wanted = sys.monitoring.events, 0
        steps = bool(self._stepping) and any(frame.f_code is code for frame in self._chain)
        if steps or self._path_of(code) in self._breakpoints:
            wanted |= events.LINE
        if self._returned_to is not None and self._returned_to.f_code is code:
            wanted |= events.INSTRUCTION
        sys.monitoring.set_local_events(_TOOL, code, wanted)

    def _on_start(self, code: CodeType, offset: int) -> Any:
        if not is_hidden(code.co_filename) and self._path_of(code) in self._breakpoints:
            self._watch_code(code)
        return sys.monitoring.DISABLE

    def _on_line(self, code: CodeType, line: int) -> Any:
        if self._quiet:
            return None
        if is_hidden(code.co_filename):
            return sys.monitoring.DISABLE
        found = self._breakpoints.get(self._path_of(code), {}).get(line)
        frame = sys._getframe(1)
        if found is not None and self._applies(found, frame):
            self._stop("breakpoint", _stack(frame))
        elif self._stopped:
            return None
        elif self._stepping and self._ends_step(frame):
            self._stop("step", _stack(frame))
        elif found is None and not any(waiting.f_code is code for waiting in self._chain):
            return sys.monitoring.DISABLE
        return None

    def _ends_step(self, frame: FrameType) -> bool:
        if frame in self._chain:
            return frame is not self._left
        return self._stepping == "in" and _is_own(frame)

    def _on_return(self, code: CodeType, offset: int, value: Any) -> None:
        self._leave(sys._getframe(1))

    def _leave(self, frame: FrameType) -> None:
        """Has a step go on in the caller of a frame that ends."""
        if self._stopped or not self._stepping or frame not in self._chain:
            return
        self._chain = self._chain[self._chain.index(frame) + 1 :]
        if self._chain:
            self._returned_to = self._chain[0]
            self._watch_code(self._returned_to.f_code)
        elif self._stepping == "over":
            # The last expression of a cell is code of its own, which follows.
            self._stepping = "in"
            self._watch()

    def _on_instruction(self, code: CodeType, offset: int) -> None:
        frame = sys._getframe(1)
        # An instruction that no line has made, such as one that drops a value, is no place to stop at.
        if not self._stopped and self._stepping and frame is self._returned_to and frame.f_lineno is not None:
            self._stop("step", _stack(frame))

    def _on_raise(self, code: CodeType, offset: int, error: BaseException) -> None:
        traceback = error.__traceback__
        innermost = traceback is None or traceback.tb_next is None
        frame = sys._getframe(1)
        if self.raised and not self._quiet and innermost and _is_own(frame):
            self._stop("exception", _stack(frame), error)

    def _on_unwind(self, code: CodeType, offset: int, error: BaseException) -> None:
        frame = sys._getframe(1)
        caller = frame.f_back
        outermost = caller is None or is_hidden(caller.f_code.co_filename)
        if self.uncaught and not self._quiet and outermost and _is_own(frame) and isinstance(error, Exception):
            self._stop("exception", _frames_of(error.__traceback__), error)
        self._leave(frame)

    def _applies(self, breakpoint: Breakpoint, frame: FrameType) -> bool:
        with self.quiet():
            return self._judge(breakpoint, frame)

    def _judge(self, breakpoint: Breakpoint, frame: FrameType) -> bool:
        """Judges the conditions of a breakpoint; one that cannot be judged is not met, and one message says why."""
        try:
            if breakpoint.condition and not eval(breakpoint.condition, frame.f_globals, frame.f_locals):
                return False
        except Exception as error:
            self._complain(breakpoint, f"The condition {breakpoint.condition!r} raised {type(error).__name__}: {error}")
            return False
        breakpoint.hits += 1
        try:
            if breakpoint.hit_condition and not _hit(breakpoint.hit_condition, breakpoint.hits):
                return False
        except ValueError as error:
            self._complain(breakpoint, str(error))
            return False
        if breakpoint.log_message:
            self._log(_filled(breakpoint.log_message, frame))
            return False
        return True

    def _complain(self, breakpoint: Breakpoint, text: str) -> None:
        """Logs what is wrong with a breakpoint, once: its line may run a million times."""
        if not breakpoint.complained:
            breakpoint.complained = True
            self._log(text)

    def _stop(self, reason: str, frames: list[tuple[FrameType, int]], error: BaseException | None = None) -> None:
        with self._own_code():
            if self._stopped and not self._await_turn():
                return
            self._end_step()
            self._stopped = True
            self._chain = [frame for frame, _ in frames]
            try:
                self._on_stop(Stop(reason, frames, error))
            finally:
                self._stopped = False
                if not self._stepping:
                    self._end_step()
                if self.active:
                    self._watch()


def _is_own(frame: FrameType) -> bool:
    filename = frame.f_code.co_filename
    return is_visible(frame) and not is_library(filename) and not any(part in filename for part in _PACKAGES)


def _stack(frame: FrameType | None) -> list[tuple[FrameType, int]]:
    frames = []
    while frame is not None:
        if is_visible(frame):
            frames.append((frame, frame.f_lineno))
        frame = frame.f_back
    return frames


def _frames_of(traceback: TracebackType | None) -> list[tuple[FrameType, int]]:
    frames: list[tuple[FrameType, int]] = []
    while traceback is not None:
        if is_visible(traceback.tb_frame):
            frames.insert(0, (traceback.tb_frame, traceback.tb_lineno))
        traceback = traceback.tb_next
    return frames


def _hit(condition: str, hits: int) -> bool:
    """Judges a hit condition: a number, which must be reached exactly, `>= 3`, `% 2` and so on."""
    text = condition.strip()
    sign, judge = next(((sign, judge) for sign, judge in _SIGNS if text.startswith(sign)), ("", int.__eq__))
    number = text.removeprefix(sign).strip()
    if not number.isdecimal():
        raise ValueError(f"The hit condition {condition!r} is none: use a number, or one after >, >=, ==, <, <= or %")
    return judge(hits, int(number))


_SIGNS: tuple[tuple[str, Callable[[int, int], bool]], ...] = (
    (">=", lambda hits, number: hits >= number),
    ("<=", lambda hits, number: hits <= number),
    ("==", lambda hits, number: hits == number),
    (">", lambda hits, number: hits > number),
    ("<", lambda hits, number: hits < number),
    ("%", lambda hits, number: number > 0 and hits % number == 0),
)


def _filled(message: str, frame: FrameType) -> str:
    """Returns a log message in which each `{expression}` is replaced by its value."""
    import re

    def value(match: re.Match[str]) -> str:
        try:
            return str(eval(match[1], frame.f_globals, frame.f_locals))
        except Exception as error:
            return f"<{type(error).__name__}>"

    return re.sub(r"\{([^{}]+)\}", value, message)
