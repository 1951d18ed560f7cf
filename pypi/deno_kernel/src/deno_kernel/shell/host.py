"""Runs command lines in the shell of the kernel's host."""

from __future__ import annotations

import os
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from json import dumps, loads
from typing import TYPE_CHECKING, Any

from ..host.executions import current_execution

if TYPE_CHECKING:
    from ..kernel import Kernel

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
    answer = _ask(kernel, {
        "command": command,
        "stdin": stdin.decode("latin-1"),
        "env": dict(os.environ if env is None else env),
        "cwd": os.fspath(cwd) if cwd is not None else os.getcwd(),
    }, shown)  # fmt: skip
    return None if answer is None else ShellResult(answer["exitCode"], answer["stdout"], answer["stderr"])


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
