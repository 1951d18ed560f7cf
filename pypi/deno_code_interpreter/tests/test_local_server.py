from __future__ import annotations

import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.request
from pathlib import Path

from deno_code_interpreter import StartError
from deno_code_interpreter.local_server import LocalServer
from deno_code_interpreter.server_program import checkout_program

from .support import CHECKOUT, client_environment

KILLED = """
import os, signal
from deno_code_interpreter import CodeInterpreter
from deno_code_interpreter.local_server import shared_server
from deno_code_interpreter.server_program import find_program
with CodeInterpreter() as interpreter:
    interpreter.run("1").raise_for_error()
    print(shared_server(find_program()).url, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


class LocalServerTest(unittest.TestCase):
    def test_a_started_server_ends_when_its_program_is_killed(self) -> None:
        environment = {**client_environment(), "DENO_CODE_INTERPRETER_PATH": str(CHECKOUT)}
        del environment["DENO_CODE_INTERPRETER_URL"]
        program = subprocess.run(
            [sys.executable, "-c", KILLED], env=environment, stdout=subprocess.PIPE, text=True, timeout=120
        )
        url = program.stdout.strip()
        self.assertTrue(url.startswith("http://127.0.0.1:"), url)
        deadline = time.monotonic() + 60
        while answers(url):
            self.assertLess(time.monotonic(), deadline, "the server is still there")
            time.sleep(0.1)

    def test_start_fails_with_the_reason(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            with self.assertRaisesRegex(StartError, "there is no .*start-server.sh"):
                LocalServer(checkout_program(directory))
            (Path(directory) / "start-server.sh").write_text("echo The disk is full >&2; exit 1")
            with self.assertRaisesRegex(StartError, "the program ended\nThe disk is full"):
                LocalServer(checkout_program(directory))
            (Path(directory) / "start-server.sh").write_text("echo Waiting; sleep 60")
            with self.assertRaisesRegex(StartError, "no address after 0.5 s"):
                LocalServer(checkout_program(directory), timeout=0.5)


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url + "health", timeout=5):
            return True
    except (OSError, urllib.error.URLError):
        return False
