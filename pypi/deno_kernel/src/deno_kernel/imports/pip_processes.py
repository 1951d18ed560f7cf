"""Lets programs call pip as a process: `subprocess.run(["pip", ...])` and `os.system("pip ...")`."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING, Any

from ..host.process_output import DEVNULL, STDOUT, send
from ..packages.archives import PackageError
from ..packages.pip import run_pip
from ..packages.pip_commands import PipCommand, pip_commands, pip_words
from ..shell.host import NOT_FOUND, run_command

if TYPE_CHECKING:
    from ..kernel import Kernel


"""The constants of `subprocess`, which is not imported at the start of a kernel."""


def pip_processes(kernel: Kernel) -> dict[str, Callable[[ModuleType], None]]:
    """Returns the functions that change `os` and `subprocess`, by the name of the module."""

    def change_os(module: Any) -> None:
        module.system = lambda command: _system(kernel, os.fspath(command))

    def change_subprocess(module: Any) -> None:
        # A second kernel of a process takes the place of the first.
        from ..shell.processes import shell_popen

        stock = getattr(module.Popen, "_stock", module.Popen)
        module.Popen = _popen(kernel, shell_popen(kernel, stock))
        module.Popen._stock = stock

    return {"os": change_os, "subprocess": change_subprocess}


def _system(kernel: Kernel, command: str | bytes) -> int:
    text = os.fsdecode(command)
    commands = pip_commands(text, kernel.run_shell is not None)
    if commands is None:
        result = run_command(kernel, text, shown=True)
        if result is not None:
            return result.returncode << 8
        print(f"Cannot run the shell command {text!r}: this kernel has no processes", file=sys.stderr)
        return NOT_FOUND << 8
    return _run(kernel, commands) << 8


def _run(kernel: Kernel, commands: list[PipCommand]) -> int:
    import shlex

    try:
        for command in commands:
            command.run(lambda line: run_pip(kernel.packages, shlex.split(line)))
    except (PackageError, ValueError, OSError) as error:
        print(f"ERROR: {error}", file=sys.stderr)
        return 1
    return 0


def _commands(args: Any, is_shell: bool, has_shell: bool) -> list[PipCommand] | None:
    """Returns the calls of pip that the arguments of `Popen` are; None if they are anything else, or for a shell."""
    import shlex

    if isinstance(args, (str, bytes, os.PathLike)):
        line = os.fsdecode(args)
        return pip_commands(line, has_shell) if is_shell else None
    try:
        words = pip_words([os.fsdecode(it) for it in args])
    except TypeError:
        return None
    return None if words is None else [PipCommand(shlex.join(words))]


def _popen(kernel: Kernel, original: Any) -> Any:
    class Popen(original):
        """A `Popen` carries out pip in this process before it returns; other programs are refused as they were."""

        _is_pip = False

        def __init__(self, args: Any, *positional: Any, **options: Any) -> None:
            commands = _commands(args, bool(options.get("shell")), kernel.run_shell is not None)
            if commands is None:
                super().__init__(args, *positional, **options)
                return
            self._is_pip = True
            self.args, self.pid, self.stdin = args, os.getpid(), None
            out, err = io.StringIO(), io.StringIO()
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                self.returncode = _run(kernel, commands)
            is_text = any(options.get(name) for name in ("text", "universal_newlines", "encoding", "errors"))
            if options.get("stderr") == STDOUT:
                out.write(err.getvalue())
                err = io.StringIO()
                options["stderr"] = DEVNULL
            self.stdout = send(out.getvalue(), options.get("stdout"), sys.stdout, is_text)
            self.stderr = send(err.getvalue(), options.get("stderr"), sys.stderr, is_text)

        def communicate(self, input: Any = None, timeout: float | None = None) -> tuple[Any, Any]:
            if not self._is_pip:
                return super().communicate(input, timeout)
            return tuple(None if it is None else it.read() for it in (self.stdout, self.stderr))  # type: ignore[return-value]

        def poll(self) -> Any:
            return self.returncode if self._is_pip else super().poll()

        def wait(self, timeout: float | None = None) -> Any:
            return self.returncode if self._is_pip else super().wait(timeout)

    Popen.__name__ = Popen.__qualname__ = "Popen"
    Popen.__module__ = "subprocess"
    return Popen
