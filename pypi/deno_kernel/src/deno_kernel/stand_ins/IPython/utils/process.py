"""The stand-in for `IPython.utils.process`."""

from __future__ import annotations

import os
import shlex
import shutil
from typing import Any

from deno_kernel.current import running_shell

__all__ = [
    "FindCmdError", "abbrev_cwd", "arg_split", "find_cmd", "get_output_error_code", "getoutput", "getoutputerror",
    "system",
]  # fmt: skip


class FindCmdError(Exception):
    """A `FindCmdError` says that there is no such program."""


def find_cmd(cmd: str) -> str:
    """Returns the path of a program; raises FindCmdError if there is none."""
    path = shutil.which(cmd)
    if path is None:
        raise FindCmdError(f"command could not be found: {cmd}")
    return path


def abbrev_cwd() -> str:
    """Returns the last part of the current directory, with `~` for the home directory."""
    path = os.getcwd()
    home = os.path.expanduser("~")
    return "~" if path == home else path.rsplit("/", 1)[-1]


def arg_split(commandline: str, posix: bool = False, strict: bool = True) -> list[str]:
    """Returns the words of a command line; quotes hold words together."""
    lexer = shlex.shlex(commandline, posix=posix)
    lexer.whitespace_split = True
    lexer.commenters = ""
    return list(lexer)


def system(cmd: str) -> Any:
    """Does what the shell's method does: there are no processes."""
    return running_shell().system(cmd)


def getoutput(cmd: str) -> Any:
    """Does what the shell's method does: there are no processes."""
    return running_shell().getoutput(cmd)


getoutputerror = get_output_error_code = getoutput
