"""`subprocess.Popen` for the commands that the shell has."""

from __future__ import annotations

import errno
import io
import os
import shlex
import signal
import sys
from typing import TYPE_CHECKING, Any

from ..host.process_output import DEVNULL, PIPE, STDOUT, send
from .host import NOT_FOUND, Command, ShellResult, process_numbers
from .programs import KILLED

if TYPE_CHECKING:
    from ..kernel import Kernel

_ENDING = (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGKILL, signal.SIGTERM)
_GRACE_SECONDS = 1.0
"""The time in which a command ends that was killed, unless it computes without a pause."""
_ABORTED = "bash: execution aborted\n"


def shell_popen(kernel: Kernel, original: Any) -> Any:
    """Returns a class that carries out a command in the kernel's shell; without a shell it is refused as it was."""

    class Popen(original):
        """A `Popen` runs its command when it is waited for, or at once if nothing can be written to it.

        A command goes on whenever the interpreter waits. Commands run one after the other.
        """

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
            if cwd is not None and not os.path.isdir(cwd):
                code = errno.ENOTDIR if os.path.exists(cwd) else errno.ENOENT
                raise OSError(code, os.strerror(code), os.fsdecode(cwd))
            self.args, self.pid, self.returncode = args, next(process_numbers), None
            self._shell_command = texts[0] if shell else shlex.join(texts)
            self._program = None if shell else texts[0]
            self._text = bool(text or universal_newlines or encoding or errors)
            self._targets = (stdout, stderr)
            self._where = {"cwd": cwd, "env": None if env is None else {os.fsdecode(k): os.fsdecode(v) for k, v in env.items()}}
            self.stdin = None
            self.stdout = _Late(self, "stdout") if stdout == PIPE else None
            self.stderr = _Late(self, "stderr") if stderr == PIPE else None
            self._given = b""
            self._command: Command | None = None
            self._signal = 0
            self._failure: Exception | None = None
            self._sigint_wait_secs = 0.25
            if stdin == PIPE:
                self.stdin = _Input(self, self._text)
                return
            if stdin is not None and stdin != DEVNULL:
                read = os.fdopen(os.dup(stdin), "rb").read() if isinstance(stdin, int) else stdin.read()
                self._given = read.encode() if isinstance(read, str) else read
            self._begin()

        def _begin(self) -> None:
            """Starts the command. What does not wait for anything has ended when this returns."""
            if self._command is not None or self.returncode is not None:
                return
            if not kernel.waits.can_wait():
                raise OSError("Cannot run a command at this moment, because the kernel cannot wait")
            self._command = Command(kernel, self.pid, self._shell_command or "", self._given, **self._where)
            self._command.when_done(self._take)
            self._has_ended(0)
            self._raise_failure()

        def _has_ended(self, timeout: float | None) -> bool:
            if self.returncode is None and self._command is not None and self._command.wait(timeout):
                self._take(self._command.result())
            return self.returncode is not None

        def _take(self, result: ShellResult | Exception) -> None:
            """Takes what the command has left when it ended."""
            if self.returncode is not None:  # It was killed, and did not end soon enough.
                return
            if isinstance(result, Exception):
                self.returncode, self._failure = 1, result
                result = ShellResult(1, "", "")
            elif self._program is not None and result.returncode == NOT_FOUND and "command not found" in result.stderr:
                text = result.stderr.strip().removeprefix("bash: ")
                self.returncode, self._failure = NOT_FOUND, FileNotFoundError(errno.ENOENT, text, self._program)
                result = ShellResult(NOT_FOUND, "", "")
            else:
                self.returncode = -self._signal if self._signal else result.returncode
            out, err = result.stdout, result.stderr
            if self._signal:
                err = err.removesuffix(_ABORTED)
            if self._targets[1] == STDOUT:
                out, err = out + err, ""
            for name, text, target, default in (
                ("stdout", out, self._targets[0], sys.stdout),
                ("stderr", err, None if self._targets[1] == STDOUT else self._targets[1], sys.stderr),
            ):
                stream = send(text, target, default, self._text)
                late = getattr(self, name)
                if isinstance(late, _Late):
                    late.take(stream)

        def _raise_failure(self) -> None:
            failure, self._failure = self._failure, None
            if failure is not None:
                raise failure

        def _end(self, timeout: float | None = None) -> None:
            """Waits until the command has ended; raises TimeoutExpired when the time is over."""
            if self.returncode is None:
                self._begin()
            if not self._has_ended(_GRACE_SECONDS if self._signal else timeout):
                if not self._signal:
                    from subprocess import TimeoutExpired

                    raise TimeoutExpired(self.args, timeout or 0)
                self._take(ShellResult(KILLED, "", ""))
            self._raise_failure()

        def communicate(self, input: Any = None, timeout: float | None = None) -> tuple[Any, Any]:
            if self._shell_command is None:
                return super().communicate(input, timeout)
            if input:
                self._given += input.encode() if isinstance(input, str) else bytes(input)
            self._end(timeout)
            return tuple(None if it is None else it.read() for it in (self.stdout, self.stderr))  # type: ignore[return-value]

        def poll(self) -> Any:
            if self._shell_command is None:
                return super().poll()
            if self._signal:
                self._end()
            elif self._command is not None:
                self._has_ended(0)
            self._raise_failure()
            return self.returncode

        def wait(self, timeout: float | None = None) -> Any:
            if self._shell_command is None:
                return super().wait(timeout)
            self._end(timeout)
            return self.returncode

        def _wait(self, timeout: float | None) -> Any:
            return super()._wait(timeout) if self._shell_command is None else self.wait(timeout)

        def send_signal(self, sig: int) -> None:
            """Ends the command by a signal that ends programs; raises OSError for any other."""
            if self._shell_command is None:
                super().send_signal(sig)
            elif sig == 0 or self.poll() is not None:
                return
            elif sig not in _ENDING:
                raise OSError(errno.ENOTSUP, f"Commands of the shell take the signals that end them, and not {sig}")
            else:
                self._signal = int(sig)
                if self._command is None:
                    self._take(ShellResult(KILLED, "", ""))
                else:
                    self._command.stop()

        def kill(self) -> None:
            """Ends the command as SIGKILL does."""
            self.send_signal(signal.SIGKILL)

        def terminate(self) -> None:
            """Ends the command as SIGTERM does."""
            self.send_signal(signal.SIGTERM)

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
    """A `_Late` is an output of a process; to use it waits until the process has ended."""

    def __init__(self, process: Any, name: str) -> None:
        self._process, self._name = process, name
        self._taken: Any = None

    def take(self, stream: Any) -> None:
        """Takes the output of the process, which has ended."""
        self._taken = stream

    def close(self) -> None:
        """Closes the stream; the process goes on."""
        if self._taken is not None:
            self._taken.close()

    def _stream(self) -> Any:
        if self._taken is None:
            self._process._end()
        return self._taken

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream(), name)

    def __iter__(self) -> Any:
        return iter(self._stream())
