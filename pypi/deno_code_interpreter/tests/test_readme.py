from __future__ import annotations

import re
import subprocess
import sys
import unittest

from .support import PACKAGE, client_environment


class ReadmeTest(unittest.TestCase):
    def test_the_examples_run(self) -> None:
        text = (PACKAGE / "README.md").read_text(encoding="utf-8")
        examples = re.findall(r"^```(\w+)\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
        self.assertEqual([language for language, _ in examples].count("python"), 5)
        for language, code in examples:
            command = [sys.executable, "-c", code] if language == "python" else ["bash", "-ec", code]
            with self.subTest(code):
                program = subprocess.run(command, env=client_environment(), capture_output=True, text=True, timeout=120)
                self.assertEqual(program.returncode, 0, program.stderr)
