"""Runs the commands of E2B's clients in the kernel's shell."""

from __future__ import annotations

import base64
import json
import os

from ..current import running_kernel
from ..display.functions import publish_display_data
from ..shell.host import run_command

EXIT = "application/vnd.deno-kernel.exit+json"
"""The MIME type of the display that tells a command's exit code."""


def run(request: str) -> None:
    """Runs the command of a request, which is JSON, prints its output, and displays its exit code."""
    wanted = json.loads(request)
    env = {**os.environ, **wanted["env"]}
    stdin = base64.b64decode(wanted["stdin"])
    result = run_command(running_kernel(), wanted["command"], stdin, env=env, cwd=wanted["cwd"], shown=True)
    if result is None:
        raise OSError("Cannot run a command: this kernel has no shell, or cannot wait now")
    publish_display_data({EXIT: {"exitCode": result.returncode}})
