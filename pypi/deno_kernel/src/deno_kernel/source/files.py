"""Files with Python code: scripts, scripts with magics, and notebooks."""

from __future__ import annotations

import ast
import io
import json
import os
import re
import tokenize

_COOKIE = re.compile(r"[ \t\f]*#.*?coding[:=][ \t]*[-\w.]+")


def decoded(data: bytes) -> str:
    """Returns Python source as text, by its byte order mark or coding cookie; raises SyntaxError for an unknown one."""
    encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    return data.decode(encoding).replace("\r\n", "\n")


def read_source(path: str) -> str:
    """Returns the source in a file."""
    with open(path, "rb") as file:
        return decoded(file.read())


def cells_of(path: str) -> list[str]:
    """Returns the code cells of a notebook (.ipynb), or any other file as one cell."""
    if os.path.splitext(path)[1] != ".ipynb":
        return [read_source(path)]
    with open(path, encoding="utf-8") as file:
        notebook = json.load(file)
    sources = [cell.get("source", "") for cell in notebook.get("cells", []) if cell.get("cell_type") == "code"]
    return [source if isinstance(source, str) else "".join(source) for source in sources]


def without_cookie(text: str) -> str:
    """Returns source without the line that names its encoding, which means nothing in text."""
    lines = text.splitlines(True)
    return "".join(line for number, line in enumerate(lines) if number > 1 or not _COOKIE.match(line))


def lines_of(text: str, ranges: str) -> str:
    """Returns the lines of ranges such as `5`, `2-4`, `2:5` and `7-`, with commas between them.

    Raises ValueError for a text that is no range.
    """
    lines = text.splitlines(True)
    chosen: list[str] = []
    for part in ranges.split(","):
        match = re.fullmatch(r"(\d*)([-:]?)(\d*)", part.strip())
        if match is None or not part.strip():
            raise ValueError(f"{part!r} is no range of lines; use 5, 2-4, 2:5 or 7-")
        start = int(match[1] or 1)
        stop = (start if not match[2] else len(lines)) if not match[3] else int(match[3]) - (match[2] == ":")
        chosen.extend(lines[max(start, 1) - 1 : stop])
    return "".join(chosen)


def definitions_of(text: str, names: list[str]) -> tuple[list[str], list[str]]:
    """Returns the sources of functions and classes at the top of a text, and the names that it does not define."""
    lines = text.splitlines(True)
    found: dict[str, str] = {}
    for node in ast.parse(text).body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            found[node.name] = "".join(lines[first - 1 : node.end_lineno])
    return [found[name] for name in names if name in found], [name for name in names if name not in found]
