"""Builds the wheel, installs it with its extra into clean environments, and uses the server that it brings."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

from .support import PACKAGE

OLDEST = (3, 10)

#: Programs that the server must not need: in their place are ones that fail.
UNNEEDED = ("deno", "node", "npm", "npx")

USE = """
from deno_code_interpreter import CodeInterpreter
with CodeInterpreter() as python, CodeInterpreter(options={"language": "typescript"}) as script:
    assert python.run("import sqlite3, json\\n6 * 7").raise_for_error().text == "42"
    assert script.run("const x: number = 6; x * 7").raise_for_error().text == "42"
    print(python.run("!echo shell").raise_for_error().stdout)
"""


class WheelTest(unittest.TestCase):
    def test_the_extra_brings_a_server_that_needs_neither_node_nor_a_registry(self) -> None:
        pythons = _pythons()
        if not pythons:
            self.skipTest("no Python of 3.10 or later can make a virtual environment")
        with tempfile.TemporaryDirectory() as directory:
            homes = {Path(directory) / name: python for name, python in pythons.items()}
            for home, python in homes.items():
                _run([python, "-m", "venv", str(home / "venv")])
            wheel = _build(next(iter(homes)), Path(directory))
            self.assertLess(wheel.stat().st_size, 20_000_000)
            for home in homes:
                with self.subTest(home.name):
                    _use(wheel, home)


def _build(home: Path, directory: Path) -> Path:
    _run([str(home / "venv/bin/pip"), "wheel", "--no-deps", "-w", str(directory), str(PACKAGE)])
    (wheel,) = directory.glob("*.whl")
    return wheel


def _use(wheel: Path, home: Path) -> None:
    _run([str(home / "venv/bin/pip"), "install", "--no-compile", f"{wheel}[server]"])
    (home / "bin").mkdir()
    for name in UNNEEDED:
        (home / "bin" / name).symlink_to("/bin/false")
    (home / ".env").write_text("DATABASE_URL=this is another program's\n")
    program = home / "venv/bin/python"
    own = {"DENO", "PYTHONPATH", "DENO_CODE_INTERPRETER_URL", "DENO_CODE_INTERPRETER_PATH"}
    environment = {name: value for name, value in os.environ.items() if name not in own}
    environment |= {"PATH": f"{home / 'bin'}:{os.environ['PATH']}", "DENO_DIR": str(home / "deno")}
    # Nobody answers at the address of this proxy.
    environment |= {name: "http://127.0.0.1:9" for name in ("http_proxy", "https_proxy", "HTTPS_PROXY")}
    output = _run([str(program), "-c", USE], cwd=home, env=environment)
    assert output == "shell\n\n", output
    help_text = _run([str(program), "-m", "deno_code_interpreter", "serve", "--help"], cwd=home, env=environment)
    assert "NOTEBOOK_DIR" in help_text or "--notebook-dir" in help_text, help_text


def _run(command: list[str], **options: object) -> str:
    program = subprocess.run(command, capture_output=True, text=True, timeout=600, **options)  # type: ignore[call-overload]
    assert program.returncode == 0, f"{command}\n{program.stdout}\n{program.stderr}"
    return str(program.stdout)


def _pythons() -> dict[str, str]:
    """Returns the oldest and the newest suitable Python of this machine by their versions."""
    directories = os.environ["PATH"].split(os.pathsep)
    directories += map(str, Path.home().glob(".pyenv/versions/*/bin"))
    found: dict[tuple[int, int], str] = {}
    for directory in directories:
        for path in sorted(Path(directory).glob("python3.*")):
            match = re.fullmatch(r"python3\.(\d+)", path.name)
            version = (3, int(match[1])) if match else (0, 0)
            if version >= OLDEST and version not in found and _makes_environments(path):
                found[version] = str(path)
    chosen = sorted(found)[:: max(1, len(found) - 1)]
    return {f"python{major}.{minor}": found[major, minor] for major, minor in chosen}


def _makes_environments(python: Path) -> bool:
    """Whether this Python runs and has pip for new environments, which Debian's lacks by default."""
    command = [str(python), "-c", "import ensurepip, venv"]
    return subprocess.run(command, capture_output=True).returncode == 0
