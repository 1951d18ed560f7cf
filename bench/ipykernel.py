"""Measures a native ipykernel as kernels.ts measures kernels, and prints a line of JSON. Needs ipykernel and jupyter_client."""

import json
import time

from jupyter_client.manager import start_new_kernel

LINES = 200_000


def ms(begin: float) -> float:
    return (time.perf_counter() - begin) * 1000


def run(client, code: str, on_output=None) -> None:
    message = client.execute(code)
    while True:
        event = client.get_iopub_msg(timeout=60)
        if event["parent_header"].get("msg_id") != message:
            continue
        if event["msg_type"] == "stream" and on_output:
            on_output(event["content"]["text"])
        if event["msg_type"] == "status" and event["content"]["execution_state"] == "idle":
            break
    client.get_shell_msg(timeout=60)


def main() -> None:
    starts = []
    for _ in range(4):
        begin = time.perf_counter()
        manager, client = start_new_kernel()
        run(client, "1 + 1")
        starts.append(ms(begin))
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    manager, client = start_new_kernel()
    for _ in range(50):
        run(client, "1 + 1")
    ones = []
    for _ in range(300):
        begin = time.perf_counter()
        run(client, "1 + 1")
        ones.append(ms(begin))
    rates, firsts = [], []
    for _ in range(3):
        seen = 0
        begin = time.perf_counter()

        def count(text: str) -> None:
            nonlocal seen
            if seen == 0:
                firsts.append(ms(begin))
            seen += len(text)

        run(client, f"for i in range({LINES}): print('x' * 79)", count)
        rates.append(seen / 1e6 / (ms(begin) / 1000))
    client.stop_channels()
    manager.shutdown_kernel(now=True)
    print("\n" + json.dumps({"starts": starts, "ones": ones, "rates": rates, "firsts": firsts}))


main()
