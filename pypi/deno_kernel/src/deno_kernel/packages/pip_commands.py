"""Recognises the commands of a shell that call pip."""

from __future__ import annotations

import contextlib
import io
import os
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

_PIP = re.compile(
    r"(?:\S*/)?(?:pip[\d.]*|uv\s+pip|python[\d.]*\s+-m\s+pip)(?:\s+(?P<arguments>.*))?", re.DOTALL
)
_OUTPUT = re.compile(r"\s*(?<!\S)(?P<stream>[12]?|&)(?P<sign>>{1,2})\s*(?P<to>&?[^\s&]+)")
_QUOTED = re.compile(r"'[^']*'" r'|"[^"$`\\]*"')
_FOR_A_SHELL = re.compile(r"[|&;<>`$()*?~\n\\]")


@dataclass(frozen=True)
class PipCommand:
    """A `PipCommand` is a call of pip."""

    arguments: str
    output: str | None = None
    """The file that the output goes to."""
    appends: bool = False

    def run(self, run: Callable[[str], object]) -> None:
        """Calls a function with the arguments, and sends what it prints to the file."""
        if self.output is None:
            run(self.arguments)
            return
        if self.output == os.devnull:
            with contextlib.redirect_stdout(io.StringIO()):
                run(self.arguments)
            return
        with open(os.path.expanduser(self.output), "a" if self.appends else "w") as file, contextlib.redirect_stdout(file):
            run(self.arguments)


def pip_commands(command: str, has_shell: bool = False) -> list[PipCommand] | None:
    """Returns each call of pip in a command line; None if it does anything else, or if a shell has to read it.

    Without a shell, what is piped into another program is shown as it is.
    """
    if has_shell and _FOR_A_SHELL.search(_QUOTED.sub("", command)):
        return None
    found = []
    for part in re.split(r"\s*(?:&&|;)\s*", command.strip()):
        part = re.split(r"\s\|{1,2}\s", part)[0]
        outputs = [it for it in _OUTPUT.finditer(part) if it["stream"] != "2" and not it["to"].startswith("&")]
        match = _PIP.fullmatch(_OUTPUT.sub("", part).strip())
        if match is None:
            return None
        to = outputs[-1] if outputs else None
        arguments = (match["arguments"] or "").strip()
        found.append(PipCommand(arguments, to and to["to"].strip("'\""), to is not None and to["sign"] == ">>"))
    return found


def pip_words(words: Sequence[str]) -> list[str] | None:
    """Returns the arguments of pip in the words of a command; None if they call something else."""
    program, *rest = [os.fspath(it) for it in words] or [""]
    name = os.path.basename(program)
    if re.fullmatch(r"pip[\d.]*", name):
        return rest
    if name == "uv" and rest[:1] == ["pip"]:
        return rest[1:]
    is_python = program == sys.executable or re.fullmatch(r"python[\d.]*", name) is not None
    return rest[2:] if is_python and rest[:2] == ["-m", "pip"] else None


def quoted(words: Iterable[str]) -> str:
    """Returns words as a line."""
    import shlex

    return shlex.join(words)
