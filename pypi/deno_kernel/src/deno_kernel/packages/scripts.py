"""The scripts of packages, which are commands of the shell."""

from __future__ import annotations

import configparser
import os
import re
import sys

from .archives import Archive

_NAME = re.compile(r"[A-Za-z0-9_][\w.+-]*")
_TARGET = re.compile(r"(?P<module>[A-Za-z_][\w.]*)\s*:\s*(?P<function>[A-Za-z_][\w.]*)\s*(?:\[[^\]]*\])?")
_SCRIPT = """#!/usr/bin/env python
import sys
from {module} import {first}
if __name__ == "__main__":
    sys.exit({function}())
"""


def script_paths(archive: Archive) -> dict[str, str]:
    """Returns the texts of the scripts for the entry points of a wheel, by their paths."""
    points = configparser.ConfigParser(delimiters=("=",), interpolation=None, strict=False)
    points.optionxform = str  # type: ignore[assignment, method-assign]
    try:
        points.read_string(archive.text_of("entry_points.txt"))
    except configparser.Error:
        return {}
    found = {}
    for name, value in points.items("console_scripts") if points.has_section("console_scripts") else ():
        target = _TARGET.fullmatch(value.strip())
        if _NAME.fullmatch(name) and target is not None:
            function = target["function"]
            text = _SCRIPT.format(module=target["module"], first=function.partition(".")[0], function=function)
            found[os.path.join(sys.prefix, "bin", name)] = text
    return found


def write_scripts(archive: Archive, directory: str) -> None:
    """Writes the scripts of an unpacked wheel, and lists them in its RECORD, so that they go with it."""
    scripts = script_paths(archive)
    for path, text in scripts.items():
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, 0o755)
    record = archive.path_of("RECORD", directory)
    if scripts and record is not None and os.path.isfile(record):
        with open(record, "a", encoding="utf-8") as file:
            file.writelines(f"{os.path.relpath(path, directory)},,\n" for path in scripts)
