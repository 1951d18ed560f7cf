"""The command line: `python -m deno_code_interpreter run file.py`, and `serve`, `mcp` and `repl`."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from .errors import CodeInterpreterError
from .interpreter import CodeInterpreter
from .outputs import Execution, Output
from .server_program import find_program

#: The commands that run a program of the server, and the programs.
_SERVER_COMMANDS = {
    "serve": ("", "serve the notebook and the HTTP API; serve --help lists the settings"),
    "mcp": ("mcp", "serve one agent over standard input and output"),
    "repl": ("repl", "start a Python prompt"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line and returns the exit status: that of the code, or 2 if it could not be run."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words and words[0] in _SERVER_COMMANDS:
        return _become_server(_SERVER_COMMANDS[words[0]][0], words[1:])
    options = _parser().parse_args(words)
    from_stdin = options.file == "-"
    try:
        code = sys.stdin.read() if from_stdin else Path(options.file).read_text(encoding="utf-8")
        with CodeInterpreter(options.url, kernel_id=options.kernel, packages=options.package) as interpreter:
            execution = interpreter.run(
                code,
                timeout=options.timeout,
                stdin=() if from_stdin else None,
                on_stdout=_write_stdout,
                on_stderr=_write_stderr,
                on_output=_show,
                on_input=None if from_stdin else _ask,
            )
    except KeyboardInterrupt:
        return 130
    except (CodeInterpreterError, OSError, UnicodeDecodeError) as error:
        print(f"deno-code-interpreter: {error}", file=sys.stderr)
        return 2
    return _exit_status(execution)


def _become_server(entry: str, flags: Sequence[str]) -> int:
    """Replaces this process by a program of the server. Returns only if there is none."""
    try:
        program = find_program(entry)
        if program is None:
            raise CodeInterpreterError("Cannot start a server: install deno-code-interpreter[server]")
        os.execvpe(program.command[0], [*program.command, *flags], program.environment)
    except (CodeInterpreterError, OSError) as error:
        print(f"deno-code-interpreter: {error}", file=sys.stderr)
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m deno_code_interpreter", description=__doc__)
    commands = parser.add_subparsers(required=True)
    run = commands.add_parser("run", help="run a file in a new kernel, and show what it displays as text")
    run.add_argument("file", nargs="?", default="-", help="a file with Python; standard input if there is none")
    run.add_argument("--url", help="the server; by default DENO_CODE_INTERPRETER_URL")
    run.add_argument("--kernel", metavar="ID", help="use this kernel, and leave it running")
    run.add_argument("--package", metavar="NAME", action="append", default=[], help="install a package before")
    run.add_argument("--timeout", metavar="SECONDS", type=float, help="interrupt the code after this time")
    for name, (_, description) in _SERVER_COMMANDS.items():
        commands.add_parser(name, help=description, add_help=False)
    return parser


def _write_stdout(text: str) -> None:
    print(text, end="", flush=True)


def _write_stderr(text: str) -> None:
    print(text, end="", file=sys.stderr, flush=True)


def _show(output: Output) -> None:
    if output.text:
        print(output.text, flush=True)


def _ask(prompt: str, password: bool) -> str | None:
    try:
        return getpass.getpass(prompt) if password else input(prompt)
    except EOFError:
        return None


def _exit_status(execution: Execution) -> int:
    """Returns the status that Python itself would end with, and writes the traceback of an exception."""
    if execution.ok:
        return 0
    error = execution.error
    if error is not None and error["ename"] == "SystemExit":
        value = error["evalue"]
        if value in ("", "None"):
            return 0
        if value.lstrip("-").isdecimal():
            return int(value) & 0xFF
        print(value, file=sys.stderr)
        return 1
    trace = "\n".join(error["traceback"]) if error is not None else ""
    print(trace or execution.error_text or f"The execution ended: {execution.status}", file=sys.stderr)
    return 130 if error is not None and error["ename"] == "KeyboardInterrupt" else 1


if __name__ == "__main__":
    sys.exit(main())
