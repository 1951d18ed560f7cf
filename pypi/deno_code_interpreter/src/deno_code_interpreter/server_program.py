"""The servers that this program can start: a checkout of the project, or the one that the wheel brings."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .errors import StartError

#: The server's directory in the wheel. An editable installation has none.
_INSTALLED = Path(__file__).resolve().parent / "_server"


@dataclass(frozen=True)
class ServerProgram:
    """A command that starts a server when the server's flags follow it."""

    command: tuple[str, ...]
    #: The directory of its files. A server that works there reads no `.env` of another program.
    directory: Path
    #: Variables that the command needs beside those of this program.
    variables: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def environment(self) -> dict[str, str]:
        """The variables of the server's process."""
        return {**os.environ, **self.variables}


def find_program(entry: str = "") -> ServerProgram | None:
    """Returns the checkout that `DENO_CODE_INTERPRETER_PATH` names, or the installed server if there is one.

    `entry` chooses what is started: the server, or `mcp`, or `repl`.
    """
    checkout = os.environ.get("DENO_CODE_INTERPRETER_PATH")
    return checkout_program(checkout, entry) if checkout else installed_program(entry)


def checkout_program(checkout: str | os.PathLike[str], entry: str = "") -> ServerProgram:
    """Returns the program of a checkout, which sets itself up. Raises StartError if it is none."""
    script = Path(checkout).expanduser().resolve() / "start-server.sh"
    if not script.is_file():
        raise StartError(f"Cannot start a server: there is no {script}; name a checkout of the project")
    return ServerProgram(("bash", str(script), *filter(None, [entry])), script.parent)


_ENTRIES = {"": "main.ts", "mcp": "mcp_stdio.ts", "repl": "repl/repl.ts"}


def installed_program(entry: str = "") -> ServerProgram | None:
    """Returns the program of the wheel, or None if the extra `server` is not installed."""
    if not (_INSTALLED / "engine.sh").is_file():
        return None
    try:
        from deno import find_deno_bin  # type: ignore[import-not-found, unused-ignore]  # The extra `server` has it.
    except ImportError:
        return None
    arguments = ["run", "-A", "--no-prompt", "--cached-only", str(_INSTALLED / "server" / _ENTRIES[entry])]
    # The wheel has the packages that its server loads; Deno has nothing to ask a registry for.
    variables = {"DENO": os.fsdecode(find_deno_bin()), "DENO_NO_UPDATE_CHECK": "1"}
    return ServerProgram(("bash", str(_INSTALLED / "engine.sh"), *arguments), _INSTALLED, variables)
