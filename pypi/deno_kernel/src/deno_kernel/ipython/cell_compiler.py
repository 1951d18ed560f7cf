"""The compiler of cells, as libraries call IPython's."""

from __future__ import annotations

import ast
import linecache
from types import CodeType
from typing import Any

from ..source.compiler import Compiler


class CellCompiler:
    """A `CellCompiler` compiles in the way of the cells, with their `from __future__` imports."""

    def __init__(self, compiler: Compiler) -> None:
        self._compiler = compiler

    @property
    def flags(self) -> int:
        """The flags of the `from __future__` imports of cells."""
        return self._compiler.flags

    def __call__(self, source: Any, filename: str, symbol: str) -> CodeType:
        return compile(source, filename, symbol, self.flags, True)

    def ast_parse(self, source: str, filename: str = "<unknown>", symbol: str = "exec") -> Any:
        """Returns the syntax tree of some source."""
        return compile(source, filename, symbol, self.flags | ast.PyCF_ONLY_AST, True)

    def cache(self, transformed_code: str, number: int = 0, raw_code: str | None = None) -> str:
        """Keeps a source for tracebacks, and returns its file name."""
        name = self._compiler.name_cell(number or None)
        lines = (raw_code if raw_code is not None else transformed_code).splitlines(True)
        linecache.cache[name] = (len(transformed_code), None, lines, name)
        return name

    def get_code_name(self, raw_code: str, transformed_code: str, number: int) -> str:
        """Returns the file name of a cell."""
        return self._compiler.name_cell(number)

    def format_code_name(self, name: str) -> tuple[str, str] | None:
        """Returns `Cell` and the name of a cell, by its file name; None for other files."""
        known = self._compiler.cell_name(name)
        return None if known is None else ("Cell", known)
