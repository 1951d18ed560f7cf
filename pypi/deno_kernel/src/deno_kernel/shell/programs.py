"""`python` as a command of the shell: a program of its own in this interpreter."""

from __future__ import annotations

import builtins
import contextvars
import io
import operator
import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from json import dumps, loads
from typing import Any

from ..current import running_kernel
from ..host import interrupts
from ..host.programs import Program, begin_program, current_program, end_program, replace_environment

KILLED = 137
"""The status of a program that was killed."""
INTERRUPTED = 130
"""The status of a program that an interrupt has ended."""


def run_program(request: str) -> str:
    """Runs `python [-c CODE | -m MODULE | FILE | -] [ARGUMENT]...`; request and answer are JSON.

    The standard input and output have one character for each byte.
    """
    asked = loads(request)
    kept = _Kept(), _Kept()
    out, err = _text(kept[0]), _text(kept[1])
    code = contextvars.copy_context().run(_run_as_program, asked, out, err)
    written, errors = (it.getvalue() for it in kept)
    return dumps({"stdout": written.decode("latin-1"), "stderr": errors.decode(errors="replace"), "exitCode": code})


def run_here(request: str) -> int:
    """Does the same with the output of this interpreter; returns the exit code."""
    asked = loads(request)
    out, err = _text(_Passing(sys.stdout)), _text(_Passing(sys.stderr))
    return contextvars.copy_context().run(_run_as_program, asked, out, err)


def _run_as_program(asked: dict[str, Any], out: io.TextIOWrapper, err: io.TextIOWrapper) -> int:
    with _as_program(asked, out, err):
        code = _run(asked["args"])
    for stream in (out, err):
        if not stream.closed:
            stream.flush()
    return code


class _Kept(io.BytesIO):
    """A `_Kept` has what a program writes, even if the program closes it."""

    def close(self) -> None:
        pass


class _Passing(io.RawIOBase):
    """A `_Passing` is a standard stream of a program, which may close it: the interpreter's own stays open."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._stream.flush()
        size = self._stream.buffer.write(data)
        self._stream.buffer.flush()
        return int(size)


def _text(raw: Any) -> io.TextIOWrapper:
    return io.TextIOWrapper(raw if isinstance(raw, _Kept) else io.BufferedWriter(raw), encoding="utf-8", newline="\n", line_buffering=True)


@contextmanager
def _as_program(asked: dict[str, Any], out: io.TextIOWrapper, err: io.TextIOWrapper) -> Iterator[None]:
    """Gives a program its standard streams, directory and environment, and takes back what it changes."""
    modules = set(sys.modules)
    program = Program(asked.get("process"))
    begin_program(program)
    current_program.set(program)
    try:
        sys.stdin = io.TextIOWrapper(io.BytesIO(asked["stdin"].encode("latin-1")), encoding="utf-8", errors="replace")
        sys.stdout, sys.stderr, builtins.input = out, err, _input
        os._exit = _exit  # type: ignore[assignment]
        replace_environment(asked["env"])
        os.chdir(asked["cwd"])
        os.umask(asked["umask"])
        yield
    finally:
        end_program(program)
        _forget_modules(modules)


def _forget_modules(known: set[str]) -> None:
    """Forgets the user's modules that a program has imported: the next one finds them as they are then."""
    for name in set(sys.modules) - known:
        file = getattr(sys.modules[name], "__file__", None)
        if isinstance(file, str) and not file.startswith("/lib/"):
            del sys.modules[name]


def _exit(status: int) -> None:
    """Ends the program, where Python's own function would end the interpreter, and the kernel with it."""
    raise SystemExit(operator.index(status) & 0xFF)


def _input(prompt: object = "", /) -> str:
    """Reads a line of the program's standard input."""
    print(prompt, end="")
    line = sys.stdin.readline()
    if not line:
        raise EOFError("EOF when reading a line")
    return line.removesuffix("\n")


def _run(args: list[str]) -> int:
    try:
        running_kernel().interrupts.call_user_code(_execute, args)
    except SystemExit as ending:
        if ending.code is None or isinstance(ending.code, int):
            return ending.code or 0
        print(ending.code, file=sys.stderr)
        return 1
    except BaseException as error:
        trace = error.__traceback__
        # The first frames are the kernel's own.
        while trace is not None and trace.tb_frame.f_globals.get("__name__") in (__name__, interrupts.__name__, "runpy"):
            trace = trace.tb_next
        traceback.print_exception(type(error), error, trace)
        return INTERRUPTED if isinstance(error, KeyboardInterrupt) else 1
    return 0


def _execute(args: list[str]) -> None:
    rest = list(args)
    while rest and rest[0] in ("-u", "-B", "-E", "-I", "-s", "-S", "-O", "-q"):
        rest.pop(0)
    names: dict[str, Any] = {"__name__": "__main__", "__builtins__": __builtins__}
    if rest and rest[0] in ("-V", "--version"):
        print(f"Python {sys.version.split()[0]}")
    elif rest and rest[0] == "-c" and len(rest) > 1:
        sys.argv = ["-c", *rest[2:]]
        exec(compile(rest[1], "<string>", "exec"), names)
    elif rest[:2] == ["-m", "pip"]:
        _pip(rest[2:])
    elif rest and rest[0] == "-m" and len(rest) > 1:
        import runpy

        sys.argv = rest[1:]
        runpy.run_module(rest[1], names, "__main__", alter_sys=True)
    elif rest and rest[0] != "-":
        import runpy

        sys.argv = rest
        try:
            runpy.run_path(rest[0], run_name="__main__")
        except FileNotFoundError as error:
            if os.path.abspath(error.filename) != os.path.abspath(rest[0]):
                raise
            print(f"python: can't open file {rest[0]!r}: [Errno 2] No such file or directory", file=sys.stderr)
            raise SystemExit(2) from None
    else:
        sys.argv = rest or [""]
        exec(compile(sys.stdin.read(), "<stdin>", "exec"), names)


def _pip(words: list[str]) -> None:
    from ..packages.archives import PackageError
    from ..packages.pip import run_pip

    try:
        run_pip(running_kernel().packages, words)
    except (PackageError, ValueError, OSError) as error:
        raise SystemExit(f"ERROR: {error}") from None
