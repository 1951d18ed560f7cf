"""A cell's source to code objects: everything but the last expression, and the last expression."""

from __future__ import annotations

import ast
import linecache
import re
from types import CodeType
from typing import Any

_TOP_LEVEL_AWAIT = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
_CO_COROUTINE = 0x80
_NEEDS_TRANSFORM = re.compile(r"[%!?]|\A\s|\A>>>|\AIn ?\[")
_COMMENT = re.compile(r"#[^\n]*")


_ANONYMOUS_KEPT = 1000
_FUTURE_FLAGS = 0x1FE0000
"""The flags of all `from __future__` features (`__future__.division` up to `annotations`)."""


class CompiledCell:
    """A compiled cell; `expression` is set when its value is to be shown."""

    __slots__ = ("body", "expression", "filename", "shows_result", "source")

    def __init__(self, source: str, filename: str) -> None:
        self.source = source
        self.filename = filename
        self.body: CodeType | None = None
        self.expression: CodeType | None = None
        self.shows_result = False


class Compiler:
    """Compiles cells, remembers their sources for tracebacks, and carries `from __future__` imports over."""

    def __init__(self) -> None:
        self._flags = 0
        self._anonymous = 0
        self.transformed: set[str] = set()
        self._names: dict[str, str] = {}

    def cell_name(self, filename: str) -> str | None:
        """`In[3]` for the file name of the third cell; None for anything that is no cell."""
        return self._names.get(filename)

    def name_cell(self, count: int | None) -> str:
        """A file name for a cell to be compiled: `<cell In[3]>`, or an anonymous one that is never reused."""
        if count is None:
            self._anonymous += 1
            label = f"In[~{self._anonymous}]"
            self._forget(f"<cell In[~{self._anonymous - _ANONYMOUS_KEPT}]>")
        else:
            label = f"In[{count}]"
        filename = f"<cell {label}>"
        self._names[filename] = label
        return filename

    def _forget(self, filename: str) -> None:
        """Lets a source go: a program that runs unnumbered cells for ever must not grow for ever."""
        if self._names.pop(filename, None) is not None:
            linecache.cache.pop(filename, None)
            self.transformed.discard(filename)

    def compile(self, source: str, filename: str, remember: bool = True) -> CompiledCell:
        """Compiles a cell and, unless told not to, remembers its source; raises SyntaxError as the compiler does."""
        if "\r" in source:
            source = source.replace("\r\n", "\n").replace("\r", "\n")
        if remember:  # without a time stamp, which is how linecache knows not to look for a file
            linecache.cache[filename] = (len(source), None, [line + "\n" for line in source.split("\n")], filename)
        cell = CompiledCell(source, filename)
        if self._compile_expression(cell):
            return cell
        tree = self._parse(cell)
        body = tree.body
        last = body[-1] if body else None
        if isinstance(last, ast.Expr):
            body.pop()
            cell.shows_result = not _is_suppressed(cell.source, last)
            cell.expression = self._code(ast.Expression(last.value), filename, "eval")
        if body:
            cell.body = self._code(tree, filename, "exec")
        return cell

    def _compile_expression(self, cell: CompiledCell) -> bool:
        """Compiles a one-line expression in one go, which is three times as fast as by way of a tree."""
        source = cell.source
        # A backslash may make the compiler warn, and it should not do that twice.
        if len(source) > 200 or "\n" in source or "\\" in source or " = " in source:
            return False
        try:
            cell.expression = compile(source, cell.filename, "eval", _TOP_LEVEL_AWAIT | self._flags, True)
        except (SyntaxError, ValueError):
            return False
        cell.shows_result = True
        return True

    def _parse(self, cell: CompiledCell) -> ast.Module:
        try:
            return self._ast(cell.source, cell.filename)
        except SyntaxError:
            # Nothing that is valid Python contains a magic, so only what failed can need a transformation.
            transformed = self._transform(cell.source)
            if transformed == cell.source:
                raise
        # Out of the handler: an error from here on has nothing to do with what was typed being no plain Python.
        cell.source = transformed
        self.transformed.add(cell.filename)  # columns of the code are not columns of what was typed
        return self._ast(transformed, cell.filename)

    @staticmethod
    def _transform(source: str) -> str:
        if not _NEEDS_TRANSFORM.search(source):
            return source
        from .transform import transform_cell

        return transform_cell(source)

    def _ast(self, source: str, filename: str) -> Any:
        flags = ast.PyCF_ONLY_AST | _TOP_LEVEL_AWAIT | self._flags
        try:
            return compile(source, filename, "exec", flags, True)
        except ValueError as error:  # null bytes, in older versions
            raise SyntaxError(str(error)) from None

    def _code(self, tree: ast.AST, filename: str, mode: str) -> CodeType:
        code = compile(tree, filename, mode, _TOP_LEVEL_AWAIT | self._flags, True)
        self._flags |= code.co_flags & _FUTURE_FLAGS
        return code


def needs_await(code: CodeType | None) -> bool:
    """Whether evaluating the code gives a coroutine."""
    return code is not None and bool(code.co_flags & _CO_COROUTINE)


def _is_suppressed(source: str, last: ast.Expr) -> bool:
    if ";" not in source:
        return False
    lines = source.split("\n")
    row = (last.end_lineno or 1) - 1
    if row >= len(lines):
        return False
    tail = lines[row].encode()[last.end_col_offset :].decode(errors="replace")
    # After the expression there can be no string any more, so every # begins a comment.
    return ";" in _COMMENT.sub("", "\n".join([tail, *lines[row + 1 :]]))
