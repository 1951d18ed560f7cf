"""Reads the description that build tools put into an archive of sources: PKG-INFO, and the files of an `.egg-info`."""

from __future__ import annotations

import configparser
import os
import re
from email.parser import HeaderParser
from pathlib import Path
from typing import Any

from .project import Project, read_text

_SECTION = re.compile(r"\[(?P<extra>[^:\]]*)(?::(?P<marker>.*))?\]")


def read_released(directory: str, described: dict[str, Any]) -> Project | None:
    """Reads the description in an unpacked archive; None if it has none. `described` is its `pyproject.toml`.

    Raises ValueError if its requirements are not told.
    """
    path = os.path.join(directory, "PKG-INFO")
    if not os.path.isfile(path):
        return None
    told = HeaderParser().parsestr(read_text(path))
    if not told["Name"] or not told["Version"]:
        return None
    info = next((str(it) for place in ("", "src", "lib") for it in sorted(Path(directory, place).glob("*.egg-info"))), None)
    requirements = [" ".join(it.split()) for it in told.get_all("Requires-Dist", ())]
    extras: dict[str, list[str]] = {it: [] for it in told.get_all("Provides-Extra", ())}
    if not requirements:
        if info is not None:
            requirements, extras = _read_requirements(_read(info, "requires.txt"))
        elif "requires" in _read(directory, "setup.py"):
            raise ValueError("its requirements are only known when it is built")
    return Project(
        told["Name"],
        told["Version"],
        _modules_directory(directory, info),
        told["Summary"] or "",
        told["Requires-Python"] or "",
        requirements,
        extras,
        {} if info is None else _read_entry_points(_read(info, "entry_points.txt")),
        described.get("tool", {}),
        # Setuptools has written the `.egg-info`, whatever calls it.
        described.get("build-system", {}).get("build-backend", "") if info is None else "",
        [] if info is None else [it.replace(".", "/") for it in _read(info, "top_level.txt").split()],
    )


def _modules_directory(directory: str, info: str | None) -> str:
    if info is not None:
        return os.path.dirname(info)
    source = os.path.join(directory, "src")
    return source if os.path.isdir(source) else directory


def _read_requirements(text: str) -> tuple[list[str], dict[str, list[str]]]:
    """Reads a `requires.txt`, whose sections have the names of extras, markers, or both."""
    requirements: list[str] = []
    extras: dict[str, list[str]] = {}
    into, marker = requirements, ""
    for line in filter(None, map(str.strip, text.splitlines())):
        if (section := _SECTION.fullmatch(line)) is not None:
            extra, marker = section["extra"], section["marker"] or ""
            into = extras.setdefault(extra, []) if extra else requirements
        else:
            into.append(f"{line} ; {marker}" if marker else line)
    return requirements, extras


def _read_entry_points(text: str) -> dict[str, dict[str, str]]:
    points = configparser.ConfigParser(delimiters=("=",), interpolation=None)
    points.optionxform = str  # type: ignore[assignment, method-assign]
    points.read_string(text)
    return {group: dict(points[group]) for group in points.sections()}


def _read(directory: str, name: str) -> str:
    path = os.path.join(directory, name)
    return read_text(path) if os.path.isfile(path) else ""
