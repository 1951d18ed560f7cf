"""`subprocess.Popen` for the commands that the shell has."""

from __future__ import annotations

import errno
import io
import os
import shlex
import sys
from typing import TYPE_CHECKING, Any

from .host import NOT_FOUND, run_command

if TYPE_CHECKING:
    from ..kernel import Kernel

_PIPE, _STDOUT, _DEVNULL = -1, -2, -3


def shell_popen(kernel: Kernel, original: Any) -> Any:
    """Returns a class that carries out a command in the kernel's shell; without a shell it is refused as it was."""

    class Popen(original):
        """A `Popen` runs its command when it is waited for, or at once if nothing can be written to it."""

        _shell_command: str | None = None

        def __init__(
            self, args: Any, bufsize: int = -1, executable: Any = None, stdin: Any = None, stdout: Any = None,
            stderr: Any = None, preexec_fn: Any = None, close_fds: bool = True, shell: bool = False, cwd: Any = None,
            env: Any = None, universal_newlines: Any = None, *positional: Any, text: Any = None, encoding: Any = None,
            errors: Any = None, **options: Any,
        ) -> None:  # fmt: skip
            if kernel.run_shell is None or not kernel.platform.can_wait():
                super().__init__(
                    args, bufsize, executable, stdin, stdout, stderr, preexec_fn, close_fds, shell, cwd, env,
                    universal_newlines, *positional, text=text, encoding=encoding, errors=errors, **options,
                )  # fmt: skip
                return
            words = [args] if isinstance(args, (str, bytes, os.PathLike)) else list(args)
            texts = [os.fsdecode(it) for it in words]
            self.args, self.pid, self.returncode = args, os.getpid(), None
            self._shell_command = texts[0] if shell else shlex.join(texts)
            self._program = None if shell else texts[0]
            self._text = bool(text or universal_newlines or encoding or errors)
            self._targets = (stdout, stderr)
            self._where = {"cwd": cwd, "env": None if env is None else {os.fsdecode(k): os.fsdecode(v) for k, v in env.items()}}
            self.stdin = self.stdout = self.stderr = None
            self._given = b""
            if stdin == _PIPE:
                self.stdin = _Input(self, self._text)
                if stdout == _PIPE:
                    self.stdout = _Late(self, "stdout")
                return
            if stdin is not None and stdin != _DEVNULL:
                read = os.fdopen(os.dup(stdin), "rb").read() if isinstance(stdin, int) else stdin.read()
                self._given = read.encode() if isinstance(read, str) else read
            self._finish()

        def _finish(self) -> None:
            if self.returncode is not None:
                return
            self.stdout = self.stderr = None
            result = run_command(kernel, self._shell_command or "", self._given, **self._where)
            if result is None:
                raise OSError("Cannot run a command at this moment, because the kernel cannot wait")
            if self._program is not None and result.returncode == NOT_FOUND and "command not found" in result.stderr:
                self.returncode = NOT_FOUND
                raise FileNotFoundError(errno.ENOENT, result.stderr.strip().removeprefix("bash: "), self._program)
            self.returncode = result.returncode
            out, err = result.stdout, result.stderr
            if self._targets[1] == _STDOUT:
                out, err = out + err, ""
            self.stdout = _send(out, self._targets[0], sys.stdout, self._text)
            self.stderr = _send(err, None if self._targets[1] == _STDOUT else self._targets[1], sys.stderr, self._text)

        def communicate(self, input: Any = None, timeout: float | None = None) -> tuple[Any, Any]:
            if self._shell_command is None:
                return super().communicate(input, timeout)
            if input:
                self._given += input.encode() if isinstance(input, str) else bytes(input)
            self._finish()
            return tuple(None if it is None else it.read() for it in (self.stdout, self.stderr))  # type: ignore[return-value]

        def poll(self) -> Any:
            if self._shell_command is None:
                return super().poll()
            self._finish()
            return self.returncode

        def wait(self, timeout: float | None = None) -> Any:
            return super().wait(timeout) if self._shell_command is None else self.poll()

        def kill(self) -> None:
            if self._shell_command is None:
                super().kill()

        terminate = kill

    Popen.__name__ = Popen.__qualname__ = "Popen"
    Popen.__module__ = "subprocess"
    return Popen


class _Input(io.RawIOBase):
    """An `_Input` keeps what is written to a process until the process runs."""

    def __init__(self, process: Any, is_text: bool) -> None:
        self._process, self._is_text = process, is_text

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._process._given += data.encode() if isinstance(data, str) else bytes(data)
        return len(data)


class _Late:
    """A `_Late` is the output of a process that runs when the output is first read."""

    def __init__(self, process: Any, name: str) -> None:
        self._process, self._name = process, name

    def _stream(self) -> Any:
        self._process._finish()
        return getattr(self._process, self._name) or io.BytesIO()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream(), name)

    def __iter__(self) -> Any:
        return iter(self._stream())


def _send(text: str, target: Any, default: Any, is_text: bool) -> Any:
    """Sends output to where the caller wants it; returns a stream of it for a pipe."""
    if target is None:
        if text:
            default.write(text)
            default.flush()
    elif target == _PIPE:
        return io.StringIO(text) if is_text else io.BytesIO(text.encode())
    elif isinstance(target, int):
        if target != _DEVNULL:
            os.write(target, text.encode())
    else:
        target.flush()
        os.write(target.fileno(), text.encode())
    return None
