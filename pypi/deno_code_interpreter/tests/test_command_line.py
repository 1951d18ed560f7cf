from __future__ import annotations

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from .support import client_environment


class CommandLineTest(unittest.TestCase):
    def test_run_shows_what_a_file_writes_and_its_last_value(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            file = Path(directory) / "file.py"
            file.write_text("name = input('Name? ')\nprint('hello', name)\n6 * 7")
            program = run(str(file), stdin="ada\n")
        self.assertEqual((program.returncode, program.stdout), (0, "Name? hello ada\n42\n"), program.stderr)

    def test_run_reads_the_code_from_standard_input_and_ends_with_its_status(self) -> None:
        program = run(stdin="import sys\nprint('bad', file=sys.stderr)\nsys.exit(3)")
        self.assertEqual((program.returncode, program.stdout, program.stderr), (3, "", "bad\n"))
        program = run(stdin="1 / 0")
        self.assertEqual(program.returncode, 1)
        self.assertIn("ZeroDivisionError", program.stderr)

    def test_run_ends_with_2_when_the_code_cannot_be_run(self) -> None:
        self.assertIn("No such file", run("/nowhere.py").stderr)
        self.assertEqual(run("/nowhere.py").returncode, 2)
        self.assertEqual(run("--url", "ftp://localhost", stdin="1").returncode, 2)


def run(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "deno_code_interpreter", "run", *arguments]
    return subprocess.run(
        command, input=stdin, env=client_environment(), capture_output=True, text=True, timeout=120
    )
