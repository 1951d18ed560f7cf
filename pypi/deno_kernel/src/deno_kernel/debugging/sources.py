"""The paths by which debuggers name cells: front ends compute them from a cell's text, as ipykernel does."""

from __future__ import annotations

import linecache
from types import CodeType

TMP_PREFIX = "/tmp/deno_kernel/"
TMP_SUFFIX = ".py"
HASH_SEED = 0xC70F6907
_M = 0x5BD1E995
_MASK = 0xFFFFFFFF


def murmur2(text: str, seed: int = HASH_SEED) -> int:
    """Returns MurmurHash2 of a text's UTF-8, in 32 bits."""
    data = text.encode("utf-8", "surrogatepass")
    whole = len(data) & ~3
    h = (seed ^ len(data)) & _MASK
    for i in range(0, whole, 4):
        k = int.from_bytes(data[i : i + 4], "little") * _M & _MASK
        k = (k ^ k >> 24) * _M & _MASK
        h = h * _M & _MASK ^ k
    if whole < len(data):
        h = (h ^ int.from_bytes(data[whole:], "little")) * _M & _MASK
    h = (h ^ h >> 13) * _M & _MASK
    return h ^ h >> 15


def path_of_cell(text: str) -> str:
    """Returns the path by which debuggers name a cell with this text."""
    return f"{TMP_PREFIX}{murmur2(text)}{TMP_SUFFIX}"


class Sources:
    """A `Sources` knows the paths of code and the texts of cells."""

    def __init__(self) -> None:
        self._cells: dict[str, str] = {}
        self._paths: dict[str, tuple[list[str], str]] = {}

    def dump(self, text: str) -> str:
        """Keeps the text of a cell and returns its path."""
        path = path_of_cell(text)
        self._cells[path] = text
        return path

    def path_of(self, code: CodeType) -> str:
        """Returns the path of the source of a code object."""
        filename = code.co_filename
        entry = linecache.cache.get(filename) if filename.startswith("<cell ") else None
        if entry is None or len(entry) < 3:
            return filename
        lines = entry[2]
        known = self._paths.get(filename)
        if known is not None and known[0] is lines:  # A cell of the same number may have come since.
            return known[1]
        path = self.dump("".join(lines).removesuffix("\n"))
        self._paths[filename] = lines, path
        return path

    def text_of(self, path: str) -> str:
        """Returns the text at a path; raises OSError if there is none."""
        text = self._cells.get(path)
        if text is not None:
            return text
        lines = linecache.getlines(path)
        if not lines:
            raise FileNotFoundError(f"There is no source {path!r}")
        return "".join(lines)

    def lines_of(self, path: str) -> set[int]:
        """Returns the lines of a source on which a debugger can stop; empty if they are unknown."""
        import ast

        try:
            flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
            code = compile(self.text_of(path), path, "exec", flags, dont_inherit=True)
        except (OSError, SyntaxError, ValueError):  # A cell with magics is no Python.
            return set()
        return _lines(code)


def _lines(code: CodeType) -> set[int]:
    # Line 0 is no line, and the first entry of a function is its `def`, which belongs to the code around it.
    found = {line for start, _, line in code.co_lines() if line and (start or code.co_name == "<module>")}
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            found |= _lines(constant)
    return found
