"""Files with Python code: scripts, scripts with magics, and notebooks."""

from __future__ import annotations

import io
import json
import os
import tokenize


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
