"""Makes Python's debugger fit a kernel, for `breakpoint()` and for all other uses and subclasses of `pdb.Pdb`.

While the debugger waits for a command, the interpreter is suspended and runs other code, such as callbacks of the
event loop: none of it is traced, and a task that comes to `breakpoint()` meanwhile waits until the debugger has been
left. The kernel's own frames are neither shown nor stopped in, an interrupt ends the command that is asked for and
with it the cell, and nothing is stopped in any more when the cell has ended.
"""

from __future__ import annotations

import asyncio
import contextvars
import functools
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

from ..current import running_kernel
from ..waiting.stdin import StdinNotImplementedError
from .frames import is_visible


class _Talks:
    """A `_Talks` counts the debuggers that talk to the user at the moment: one, and those that its commands start."""

    def __init__(self) -> None:
        self.open = 0
        # True in code that a command of the debugger runs.
        self._inside: contextvars.ContextVar[bool] = contextvars.ContextVar("inside", default=False)
        self._waiting: list[asyncio.Future[None]] = []

    @property
    def inside(self) -> bool:
        """True in code that a command of the debugger runs."""
        return self.open > 0 and self._inside.get()

    def take_turn(self) -> bool:
        """Waits until no debugger talks; returns false where the caller cannot wait, which stderr then tells."""
        while self.open and not self.inside:
            kernel = running_kernel()
            if kernel is None or not kernel.waits.can_wait():
                print("pdb cannot stop here: this code cannot wait until the debugger has been left", file=sys.stderr)
                return False
            turn = asyncio.get_running_loop().create_future()
            self._waiting.append(turn)
            kernel.waits.wait(turn)
        return True

    def begin(self) -> contextvars.Token[bool]:
        """Notes that a debugger begins to talk."""
        self.open += 1
        return self._inside.set(True)

    def end(self, token: contextvars.Token[bool]) -> None:
        """Notes that it has ended, and wakes those that wait for their turn."""
        self._inside.reset(token)
        self.open -= 1
        if self.open == 0:
            waiting, self._waiting = self._waiting, []
            for turn in waiting:
                if not turn.done():
                    turn.set_result(None)


def bridge(pdb: Any) -> None:
    """Changes the classes of the module `pdb`, once."""
    if getattr(pdb.Pdb, "__deno_kernel__", False):
        return
    pdb.Pdb.__deno_kernel__ = True
    talks = _Talks()
    _hide_frames(pdb.bdb.Bdb, talks)
    _fit(pdb.Pdb, talks)


def _hide_frames(bdb: Any, talks: _Talks) -> None:
    dispatch, get_stack, set_trace = bdb.trace_dispatch, bdb.get_stack, bdb.set_trace

    @functools.wraps(dispatch)
    def trace_dispatch(self: Any, frame: FrameType, event: str, arg: Any) -> Any:
        if talks.open or not is_visible(frame):
            return None
        return dispatch(self, frame, event, arg)

    @functools.wraps(get_stack)
    def visible_stack(self: Any, frame: FrameType | None, traceback: Any) -> tuple[list[Any], int]:
        stack, index = get_stack(self, frame, traceback)
        shown = [entry for entry in stack if is_visible(entry[0])]
        if not shown:
            return stack, index
        current = sum(is_visible(entry[0]) for entry in stack[: index + 1]) - 1
        return shown, max(current, 0)

    @functools.wraps(set_trace)
    def set_trace_in_cell(self: Any, frame: FrameType | None = None) -> None:
        if talks.inside or not talks.take_turn():
            return  # A stop in the middle of a command would lose the frame that the command is for.
        frame = frame or sys._getframe(1)
        _end_with_cell(self)
        set_trace(self, frame)
        if hasattr(self, "set_stepinstr") and not _goes_on_in_a_line(frame):
            self.trace_dispatch(frame, "opcode", None)

    bdb.trace_dispatch, bdb.get_stack, bdb.set_trace = trace_dispatch, visible_stack, set_trace_in_cell


def _fit(pdb: Any, talks: _Talks) -> None:
    init, interaction = pdb.__init__, pdb.interaction

    @functools.wraps(init)
    def own_init(self: Any, *args: Any, **options: Any) -> None:
        init(self, *args, **options)
        self.nosigint = True  # The kernel's handler of SIGINT stays.
        self.mode = "inline"  # `run` says that it cannot start the program again.

    @functools.wraps(interaction)
    def own_interaction(self: Any, *args: Any, **options: Any) -> Any:
        if not talks.take_turn():
            return None
        token = talks.begin()
        try:
            return interaction(self, *args, **options)
        except (KeyboardInterrupt, StdinNotImplementedError) as error:
            raise error.with_traceback(None)  # The frames of the debugger are no news to its user.
        finally:
            talks.end(token)
            _forget_return()

    def cmdloop(self: Any) -> None:
        self.allow_kbdint = True
        self.cmdloop()
        self.allow_kbdint = False

    def do_quit(self: Any, arg: str) -> int:
        """Quits the debugger: the cell ends with BdbQuit, and the kernel goes on."""
        self._user_requested_quit = True
        self.set_quit()
        return 1

    pdb.__init__, pdb.interaction, pdb._cmdloop = own_init, own_interaction, cmdloop
    pdb.do_quit = pdb.do_q = pdb.do_exit = do_quit


def _goes_on_in_a_line(frame: FrameType) -> bool:
    """Returns true if the instruction after the one that runs in a frame belongs to a line.

    From 3.13 on, Python's debugger stops at that instruction, and goes on to the next line if it belongs to none, as
    after `x and breakpoint()`.
    """
    import dis

    following = (it for it in dis.get_instructions(frame.f_code) if it.offset > frame.f_lasti)
    instruction = next(following, None)
    return instruction is None or instruction.positions is None or instruction.positions.lineno is not None


def _forget_return() -> None:
    """Removes what a cell returned, which the debugger keeps among the user's variables and shows ever after."""
    kernel = running_kernel()
    if kernel is not None:
        kernel.namespace.names.pop("__return__", None)


def _end_with_cell(debugger: Any) -> None:
    """Has a debugger stop tracing at the end of the running cell, unless it has breakpoints."""
    kernel = running_kernel()
    if kernel is None:
        return

    def end() -> None:
        kernel.callbacks.unregister("post_execute", end)
        if not debugger.breaks:
            _stop(debugger)

    kernel.callbacks.register("post_execute", end)


def _stop(debugger: Any) -> None:
    stop: Callable[[], None] | None = getattr(debugger, "stop_trace", None)  # Python 3.14 has it.
    if stop is None:
        sys.settrace(None)
    else:
        stop()
