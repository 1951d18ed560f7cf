"""`python` as a command of the shell: a program of its own in this interpreter."""

from __future__ import annotations

import builtins
import io
import json
import sys
import traceback
from contextlib import redirect_stderr, redirect_stdout
from typing import Any


def run_program(request: str) -> str:
    """Runs `python [-c CODE | -m MODULE | FILE | -] [ARGUMENT]...`; request and answer are JSON."""
    asked = json.loads(request)
    out, err = io.StringIO(), io.StringIO()
    argv, path, stdin, ask = sys.argv, sys.path[:], sys.stdin, builtins.input
    sys.stdin = io.StringIO(asked["stdin"].encode("latin-1").decode(errors="replace"))
    builtins.input = _input
    try:
        with redirect_stdout(out), redirect_stderr(err):
            code = _run(asked["args"])
    finally:
        sys.argv, sys.path[:], sys.stdin, builtins.input = argv, path, stdin, ask
    return json.dumps({"stdout": out.getvalue(), "stderr": err.getvalue(), "exitCode": code})


def _input(prompt: object = "", /) -> str:
    """Reads a line of the program's standard input."""
    print(prompt, end="")
    line = sys.stdin.readline()
    if not line:
        raise EOFError("EOF when reading a line")
    return line.removesuffix("\n")


def _run(args: list[str]) -> int:
    try:
        _execute(args)
    except SystemExit as ending:
        if ending.code is None or isinstance(ending.code, int):
            return ending.code or 0
        print(ending.code, file=sys.stderr)
        return 1
    except BaseException as error:
        trace = error.__traceback__
        # The first frames are the kernel's own.
        while trace is not None and trace.tb_frame.f_globals.get("__name__") in (__name__, "runpy"):
            trace = trace.tb_next
        traceback.print_exception(type(error), error, trace)
        return 1
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
            if error.filename != rest[0]:
                raise
            print(f"python: can't open file {rest[0]!r}: [Errno 2] No such file or directory", file=sys.stderr)
            raise SystemExit(2) from None
    else:
        sys.argv = rest or [""]
        exec(compile(sys.stdin.read(), "<stdin>", "exec"), names)
