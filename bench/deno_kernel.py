"""Measures Deno's own Jupyter kernel as languages.ts measures kernels: `deno_kernel.py REQUEST`, both in JSON."""

import json
import os
import sys
import tempfile
import time
from pathlib import Path

from jupyter_client.manager import start_new_kernel


def run(client, code: str) -> float:
    """Runs a cell; returns its milliseconds."""
    begin = time.perf_counter()
    message = client.execute(code)
    while True:
        event = client.get_iopub_msg(timeout=120)
        if event["parent_header"].get("msg_id") != message or event["msg_type"] != "status":
            continue
        if event["content"]["execution_state"] == "idle":
            break
    client.get_shell_msg(timeout=120)
    return (time.perf_counter() - begin) * 1000


def memory_of(pid: int) -> int:
    """Returns the proportional set size of a process, in bytes."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


def main() -> None:
    """Starts kernels, and measures the last one."""
    request = json.loads(sys.argv[1])
    with tempfile.TemporaryDirectory() as directory:
        spec = Path(directory, "kernels", "deno_own")
        spec.mkdir(parents=True)
        argv = [request["deno"], "jupyter", "--kernel", "--conn", "{connection_file}"]
        (spec / "kernel.json").write_text(json.dumps({"argv": argv, "display_name": "Deno", "language": "typescript"}))
        os.environ["JUPYTER_PATH"] = directory
        starts = []
        for count in range(request["starts"]):
            begin = time.perf_counter()
            manager, client = start_new_kernel(kernel_name="deno_own")
            run(client, request["one"])
            starts.append((time.perf_counter() - begin) * 1000)
            if count < request["starts"] - 1:
                client.stop_channels()
                manager.shutdown_kernel(now=True)
        ones = [run(client, request["one"]) for _ in range(request["ones"])]
        size = memory_of(manager.provisioner.process.pid)
        lines = [run(client, request["lines"]) for _ in range(request["runs"])]
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    print("\n" + json.dumps({"starts": starts, "ones": ones, "lines": lines, "bytes": size}))


main()
