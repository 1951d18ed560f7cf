"""Runs a file of cells in a native ipykernel, and prints the outputs of each cell as JSON.

`python run_native.py FILE` prints the list of the cells' outputs, `[[output, ...], ...]`, in the form of nbformat.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from typing import Any

from jupyter_client.manager import start_new_kernel

SECONDS = 120


def run_file(path: str) -> list[list[dict[str, Any]]]:
    with open(path, encoding="utf-8") as file:
        cells = file.read().split("# %%\n")[1:]
    with tempfile.TemporaryDirectory() as directory:
        environment = {**os.environ, "BROWSER": "true", "MPLCONFIGDIR": directory}
        manager, client = start_new_kernel(cwd=directory, env=environment)
        try:
            return [run_cell(client, cell) for cell in cells]
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)


def run_cell(client: Any, code: str) -> list[dict[str, Any]]:
    outputs: list[dict[str, Any]] = []
    client.execute_interactive(
        code, timeout=SECONDS, allow_stdin=False, output_hook=lambda message: add(outputs, message)
    )
    return outputs


def add(outputs: list[dict[str, Any]], message: dict[str, Any]) -> None:
    kind, content = message["header"]["msg_type"], message["content"]
    if kind in ("stream", "display_data", "execute_result", "error", "clear_output", "update_display_data"):
        outputs.append({"output_type": kind, **content})


if __name__ == "__main__":
    json.dump(run_file(sys.argv[1]), sys.stdout)
