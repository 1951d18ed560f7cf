"""Records what Deno's own Jupyter kernel shows for cells: `record.py CELLS.json DENO`, as JSON."""

import json
import os
import queue
import sys
import tempfile
from pathlib import Path
from typing import Any

from jupyter_client.manager import start_new_kernel

LATE_SECONDS = 0.4
"""The time for messages that this kernel sends after it has said that it is idle, in seconds."""


def shown(message: dict[str, Any]) -> str | None:
    """Returns an output in one line; None for a message that is none."""
    kind, content = message["msg_type"], message["content"]
    if kind == "stream":
        return f"{content['name']}: {content['text']}"
    if kind == "error":
        return f"error: {content['ename']}: {content['evalue']}"
    if kind in ("execute_result", "display_data"):
        return f"{kind}: {json.dumps(content['data'], sort_keys=True, ensure_ascii=False)}"
    return None


def main() -> None:
    """Runs the cells one after the other."""
    cells, deno = sys.argv[1:3]
    with tempfile.TemporaryDirectory() as directory:
        spec = Path(directory, "kernels", "deno_own")
        spec.mkdir(parents=True)
        argv = [deno, "jupyter", "--kernel", "--conn", "{connection_file}"]
        (spec / "kernel.json").write_text(json.dumps({"argv": argv, "display_name": "Deno", "language": "typescript"}))
        os.environ["JUPYTER_PATH"] = directory
        manager, client = start_new_kernel(kernel_name="deno_own")
        answers = []
        for code in json.loads(Path(cells).read_text()):
            client.execute(code)
            client.get_shell_msg(timeout=30)
            outputs = []
            while True:
                try:
                    outputs.append(shown(client.get_iopub_msg(timeout=LATE_SECONDS)))
                except queue.Empty:
                    break
            answers.append({"code": code, "outputs": [it for it in outputs if it is not None]})
        manager.shutdown_kernel(now=True)
    print(json.dumps(answers, indent=2, ensure_ascii=False))


main()
