"""Runs command lines in the shell of the kernel's host."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

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
    kernel: Kernel, command: str, stdin: bytes = b"", env: Mapping[str, str] | None = None, cwd: Any = None
) -> ShellResult | None:
    """Runs a command line and blocks until it ends; returns None if this kernel has no shell or cannot wait now."""
    run: Callable[[str], Awaitable[str]] | None = kernel.run_shell
    if run is None or not kernel.platform.can_wait():
        return None
    request = json.dumps({
        "command": command,
        "stdin": stdin.decode("latin-1"),
        "env": dict(os.environ if env is None else env),
        "cwd": os.fspath(cwd) if cwd is not None else os.getcwd(),
    })  # fmt: skip
    answer = json.loads(kernel.waits.wait(run(request)))
    return ShellResult(answer["exitCode"], answer["stdout"], answer["stderr"])
