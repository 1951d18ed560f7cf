"""Reads the description of a project in the table `[tool.poetry]`, whose versions have a form of their own."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Any

from .project import Project

_VERSION = re.compile(r"(?P<sign>[\^~]?)\s*v?(?P<numbers>\d+(?:\.\d+)*)(?P<rest>[\w.+-]*)")


def read_poetry(described: dict[str, Any], directory: str) -> Project:
    """Reads a `pyproject.toml`. Raises ValueError for what no wheel can require, and KeyError for what is missing."""
    table = described["tool"]["poetry"]
    needs = {name: told for name, told in table.get("dependencies", {}).items() if name.lower() != "python"}
    lines = {name: list(_requirements(name, told)) for name, told in needs.items()}
    optional = {name for name, told in needs.items() if isinstance(told, dict) and told.get("optional")}
    python = table.get("dependencies", {}).get("python", "")
    packages = [it if isinstance(it, dict) else {"include": it} for it in table.get("packages", [])]
    return Project(
        table["name"],
        table["version"],
        _root(packages, directory),
        table.get("description", ""),
        specifier(python) if isinstance(python, str) else "",
        [line for name, found in lines.items() if name not in optional for line in found],
        {extra: [line for name in names for line in lines.get(name, [])] for extra, names in table.get("extras", {}).items()},
        {
            **{group: dict(points) for group, points in table.get("plugins", {}).items()},
            "console_scripts": {name: it for name, it in table.get("scripts", {}).items() if isinstance(it, str)},
        },
        described["tool"],
        described.get("build-system", {}).get("build-backend", ""),
        [re.sub(r"/\*.*$", "", it["include"]) for it in packages],
    )


def specifier(text: str) -> str:
    """Returns a version constraint of Poetry as one of PEP 440. Raises ValueError for alternatives."""
    if "|" in text:
        raise ValueError(f"the alternatives {text!r} are only resolved when it is built")
    return ",".join(filter(None, (_part(it.strip()) for it in text.split(","))))


def _part(text: str) -> str:
    if text in ("", "*"):
        return ""
    match = _VERSION.fullmatch(text)
    if match is None:
        return f"=={text}" if text.endswith(".*") and text[0].isdigit() else text.replace(" ", "")
    version = match["numbers"] + match["rest"]
    if not match["sign"]:
        return f"=={version}"
    numbers = [int(it) for it in match["numbers"].split(".")]
    kept = min(1, len(numbers) - 1) if match["sign"] == "~" else _first_that_counts(numbers)
    return f">={version},<{'.'.join(map(str, [*numbers[:kept], numbers[kept] + 1]))}"


def _first_that_counts(numbers: list[int]) -> int:
    return next((index for index, it in enumerate(numbers) if it), len(numbers) - 1)


def _requirements(name: str, told: Any) -> Iterator[str]:
    for it in told if isinstance(told, list) else [told]:
        if isinstance(it, str):
            it = {"version": it}
        if not {"version", "url"}.intersection(it):
            raise ValueError(f"it needs {name} from a place that a wheel cannot name")
        extras = f"[{','.join(it['extras'])}]" if it.get("extras") else ""
        wanted = f" @ {it['url']}" if "url" in it else f" {specifier(it['version'])}"
        python = specifier(it["python"]) if it.get("python") else ""
        parts = (re.fullmatch(r"([<>=!~]+)\s*(.+)", part) for part in python.split(",") if part)
        markers = [f'python_version {part[1]} "{part[2]}"' for part in parts if part]
        markers += [f"({it['markers']})"] if it.get("markers") else []
        yield f"{name}{extras}{wanted}" + (f" ; {' and '.join(markers)}" if markers else "")


def _root(packages: list[dict[str, Any]], directory: str) -> str:
    told = next((it["from"] for it in packages if "from" in it), None)
    source = os.path.join(directory, "src")
    return os.path.join(directory, told) if told else source if not packages and os.path.isdir(source) else directory
