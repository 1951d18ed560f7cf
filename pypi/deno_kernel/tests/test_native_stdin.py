"""Compares what code reads from stdin with the same code in a Python process with a pipe."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

from .test_stdin import AnsweredCase

LINES = [b"one", b"two \xff\xfe", "drei \u00fc".encode(), b"", b"last"]
CODES = [
    "sys.stdin.read()", "sys.stdin.buffer.read()", "list(sys.stdin)", "list(sys.stdin.buffer)", "sys.stdin.readlines()",
    "open(0, 'rb').read()", "open(0, errors='replace').read()", "list(open(0, encoding='latin-1'))",
    "[line.rstrip() for line in open('/dev/stdin', 'rb')]", "os.fdopen(0, 'rb').readline()",
    "input(), sys.stdin.read(2), sys.stdin.readline()",
    "sys.stdin.buffer.read(5), sys.stdin.buffer.read(100), sys.stdin.buffer.read()", "sys.stdin.buffer.readline(2)",
    "sys.stdin.buffer.readlines()", "sys.stdin.read(6), sys.stdin.read(0), sys.stdin.readline(1)",
    "__import__('shutil').copyfileobj(sys.stdin.buffer, out := io.BytesIO()), out.getvalue()",
    "pathlib.Path('/dev/stdin').read_bytes()", "sys.stdin.fileno(), sys.stdin.isatty(), sys.stdin.name, sys.stdin.mode",
    "bytes(sys.stdin.buffer.readinto(b := bytearray(3)) and b)",
]  # fmt: skip
IMPORTS = "import io, os, pathlib, sys\n"


class SameInput(AnsweredCase):
    def test_reading(self) -> None:
        self.ok(IMPORTS)
        for code in CODES:
            with self.subTest(code=code):
                run = subprocess.run(
                    [sys.executable, "-c", f"{IMPORTS}sys.stdin.reconfigure(errors='surrogateescape')\nprint(ascii(({code})))"],
                    input=b"".join(line + b"\n" for line in LINES), capture_output=True, check=True,
                )  # fmt: skip
                answers: list[Any] = [line.decode("utf-8", "surrogateescape") for line in LINES]
                self.answers = [*answers, None, None, None]
                self.clear()
                self.ok(f"shown = ascii(({code}))", allowStdin=True)
                self.assertEqual(self.names["shown"], run.stdout.decode().strip())
                self.drain()

    def drain(self) -> None:
        """Reads what a code has left, so that the next one begins with the first line."""
        self.answers = [None]
        self.ok("rest = sys.stdin.read()", allowStdin=True)
