"""Runs command lines in the shell of the kernel's host."""

from __future__ import annotations

import asyncio
import itertools
import os
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from json import dumps, loads
from typing import TYPE_CHECKING, Any

from ..host.executions import current_execution
from ..host.programs import current_program, running_programs
from ..waiting.loop_callbacks import mark_own
from .programs import KILLED

if TYPE_CHECKING:
    from ..kernel import Kernel

process_numbers = itertools.count(os.getpid() + 1)
"""Gives each command a number of its own."""
NOT_FOUND = 127
"""The status of a shell that finds no such command."""


@dataclass(frozen=True)
class ShellResult:
    """A `ShellResult` is the outcome of a command line."""

    returncode: int
    stdout: str
    stderr: str

    def show(self) -> None:
        """Prints the output."""
        if self.stdout:
            print(self.stdout, end="", flush=True)
        if self.stderr:
            print(self.stderr, end="", file=sys.stderr, flush=True)


def run_command(
    kernel: Kernel, command: str, stdin: bytes = b"", env: Mapping[str, str] | None = None, cwd: Any = None,
    *, shown: bool = False,
) -> ShellResult | None:  # fmt: skip
    """Runs a command line and blocks until it ends; returns None if this kernel has no shell or cannot wait now.

    With `shown`, output is printed as it comes, and is not in the result.
    """
    process = next(process_numbers)
    try:
        answer = _ask(kernel, _request(command, stdin, env, cwd) | {"process": process}, shown)
    except BaseException:  # An interrupt may have come before the command began, which knows nothing of it.
        _stop(kernel, process)
        raise
    return None if answer is None else _result(answer)


def _stop(kernel: Kernel, process: int) -> None:
    if kernel.run_shell is not None:
        kernel.run_shell(dumps({"stop": process}))


def _request(command: str, stdin: bytes, env: Mapping[str, str] | None, cwd: Any) -> dict[str, Any]:
    program = current_program.get()
    return {
        "command": command,
        "stdin": stdin.decode("latin-1"),
        "env": dict(os.environ if env is None else env),
        "cwd": os.fspath(cwd) if cwd is not None else os.getcwd(),
        "parent": None if program is None else program.command,
    }


def _result(answer: dict[str, Any]) -> ShellResult:
    return ShellResult(answer["exitCode"], answer["stdout"], answer["stderr"])


class Command:
    """A `Command` is a command line that runs while this code goes on, whenever that waits."""

    def __init__(
        self, kernel: Kernel, number: int, command: str, stdin: bytes, env: Mapping[str, str] | None, cwd: Any
    ) -> None:
        self._kernel = kernel
        self._number = number
        request = _request(command, stdin, env, cwd) | {"process": number}
        self._answer = asyncio.ensure_future(kernel.run_shell(dumps(request)))  # type: ignore[misc,arg-type]

    def when_done(self, callback: Callable[[ShellResult | Exception], None]) -> None:
        """Has a callback get the result, or the exception by which the shell has failed."""

        self._answer.add_done_callback(lambda _: callback(self.result()))

    def result(self) -> ShellResult | Exception:
        """Returns the result of a command that has ended, or the exception by which the shell has failed."""
        try:
            return _result(loads(self._answer.result()))
        except Exception as error:
            return error

    def wait(self, seconds: float | None = None) -> bool:
        """Waits until the command ends, or until the time is over; returns true if it has ended."""
        if self._answer.done() or not self._kernel.waits.can_wait():
            return self._answer.done()
        loop = asyncio.get_running_loop()
        turn = loop.create_future()

        def wake(_: Any = None) -> None:
            if not turn.done():
                turn.set_result(None)

        mark_own(wake)
        timer = None if seconds is None else loop.call_later(seconds, wake)
        self._answer.add_done_callback(wake)
        try:
            self._kernel.waits.wait(turn)
        finally:
            self._answer.remove_done_callback(wake)
            if timer is not None:
                timer.cancel()
        return self._answer.done()

    def stop(self) -> None:
        """Stops the command, and the programs of Python that it has started where these wait."""
        _stop(self._kernel, self._number)
        for program in list(running_programs):
            if program.command == self._number:
                self._kernel.waits.end_program(program, SystemExit(KILLED))


@dataclass(frozen=True)
class ScriptResult:
    """A `ScriptResult` is the outcome of a cell in JavaScript: it failed, or has a value in several formats."""

    failed: bool
    bundle: dict[str, Any] | None


def run_javascript(kernel: Kernel, code: str, language: str) -> ScriptResult | None:
    """Runs a cell in the kernel's session of JavaScript; its output is printed as it comes. None is as for commands."""
    request = {"javascript": code, "language": language, "env": dict(os.environ)}
    answer = _ask(kernel, request, True)
    return None if answer is None else ScriptResult(answer["failed"], answer["bundle"])


def _ask(kernel: Kernel, request: dict[str, Any], shown: bool) -> Any:
    run: Callable[..., Awaitable[str]] | None = kernel.run_shell
    if run is None or not kernel.platform.can_wait():
        return None
    text = dumps(request)
    with kernel.interrupts.own_code():  # An exception inside of the call into JavaScript would lose its type.
        answer = run(text, _receiver(kernel)) if shown else run(text)
    return loads(kernel.waits.wait(answer))


def _receiver(kernel: Kernel) -> Callable[[str, str], None]:
    """Returns a function that prints or displays what comes while this execution waits."""
    execution = current_execution.get()

    def receive(kind: str, text: str) -> None:
        # Code of other executions may have run meanwhile.
        kernel.events.own(execution)
        if kind == "display":
            from ..display.functions import display

            display(loads(text), raw=True)
            return
        stream = sys.stderr if kind == "stderr" else sys.stdout
        stream.write(text)
        stream.flush()

    return receive
