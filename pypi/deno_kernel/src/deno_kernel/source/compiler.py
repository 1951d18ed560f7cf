"""Compiles a cell to two code objects: its statements, and the expression that it ends with."""

from __future__ import annotations

import ast
import linecache
import re
import warnings
from types import CodeType
from typing import Any

from .interactivity import CHOICES, DEFAULT, assigned_value

_TOP_LEVEL_AWAIT = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
_CO_COROUTINE = 0x80
_NEEDS_TRANSFORM = re.compile(r"[%!?]|\A\s|\A>>>|\AIn ?\[")
_COMMENT = re.compile(r"#[^\n]*")


_ANONYMOUS_KEPT = 1000
_FUTURE_FLAGS = 0x1FE0000
"""The flags of all `from __future__` features (`__future__.division` up to `annotations`)."""


class CompiledCell:
    """A `CompiledCell` has the code of a cell: `body` and, if its last statement is one, `expression`.

    `shows_result` is false if a semicolon hides the value of the expression.
    """

    __slots__ = ("body", "expression", "filename", "shows_result", "source")

    def __init__(self, source: str, filename: str) -> None:
        self.source = source
        self.filename = filename
        self.body: CodeType | None = None
        self.expression: CodeType | None = None
        self.shows_result = False


class Compiler:
    """A `Compiler` compiles cells and keeps their sources for tracebacks.

    A `from __future__` import of one cell holds for the later ones.
    """

    def __init__(self) -> None:
        self._flags = 0
        self._anonymous = 0
        self.ast_transformers: list[Any] = []
        self.transformed: set[str] = set()
        self._names: dict[str, str] = {}

    @property
    def flags(self) -> int:
        """The flags of the `from __future__` imports of cells."""
        return self._flags

    def cell_name(self, filename: str) -> str | None:
        """Returns the name of a cell by its file name, such as `In[3]`; None for a file that is no cell."""
        return self._names.get(filename)

    def name_cell(self, count: int | None) -> str:
        """Returns a file name for a cell, such as `<cell In[3]>`; without a count, one that is never used again."""
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
        """Drops a source, so that a program that runs unnumbered cells for ever does not grow for ever."""
        if self._names.pop(filename, None) is not None:
            linecache.cache.pop(filename, None)
            self.transformed.discard(filename)

    def compile(
        self, source: str, filename: str, remember: bool = True, interactivity: str = DEFAULT
    ) -> CompiledCell:
        """Compiles a cell; with `remember`, keeps its source for tracebacks. Raises SyntaxError.

        `interactivity` is one of `interactivity.CHOICES`; ValueError is raised for another one.
        """
        if interactivity not in CHOICES:
            raise ValueError(f"Interactivity was {interactivity!r}; it must be one of {', '.join(CHOICES)}")
        if "\r" in source:
            source = source.replace("\r\n", "\n").replace("\r", "\n")
        if remember:  # Without a time stamp, linecache does not look for a file.
            linecache.cache[filename] = (len(source), None, [line + "\n" for line in source.split("\n")], filename)
        cell = CompiledCell(source, filename)
        if interactivity != "none" and not self.ast_transformers and self._compile_expression(cell):
            return cell
        body = self.transformed_tree(self._parse(cell)).body
        if body:
            self._compile_statements(cell, body, interactivity)
        return cell

    def transformed_tree(self, tree: Any) -> Any:
        """Returns a syntax tree after `ast_transformers` have changed it; one that fails is not asked again.

        A transformer raises an exception named InputRejected, or SyntaxError, to keep the cell from running.
        """
        for transformer in list(self.ast_transformers):
            try:
                tree = transformer.visit(tree)
            except Exception as error:
                if type(error).__name__ == "InputRejected" or isinstance(error, SyntaxError):
                    raise
                self.ast_transformers.remove(transformer)
                warnings.warn(f"AST transformer {transformer!r} threw an error. It will be unregistered.", stacklevel=2)
        return ast.fix_missing_locations(tree) if self.ast_transformers else tree

    def _compile_statements(self, cell: CompiledCell, body: list[ast.stmt], interactivity: str) -> None:
        if interactivity == "last_expr_or_assign" and (value := assigned_value(body[-1])) is not None:
            body.append(value)
        last = body[-1]
        shown = interactivity != "none" and not _is_suppressed(cell.source, last)
        if isinstance(last, ast.Expr) and interactivity != "none":
            body.pop()
            cell.shows_result = shown
            cell.expression = self._code(ast.Expression(last.value), cell.filename, "eval")
        elif interactivity == "last" and shown:
            body.pop()
            cell.expression = self._code(ast.Interactive([last]), cell.filename, "single")
        if not body:
            return
        if interactivity == "all" and shown:
            cell.body = self._code(ast.Interactive(body), cell.filename, "single")
        else:
            cell.body = self._code(ast.Module(body, []), cell.filename, "exec")

    def _compile_expression(self, cell: CompiledCell) -> bool:
        """Compiles a one-line expression, three times as fast as through a tree; returns false if it cannot."""
        source = cell.source
        # A backslash may make the compiler warn, and this attempt must not repeat the warning.
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
            # Valid Python contains no magic, so only a cell that does not compile can need to be transformed.
            transformed = self._transform(cell.source)
            if transformed == cell.source:
                raise
        # This is outside of the handler, so that a new SyntaxError does not show the first one as its context.
        cell.source = transformed
        self.transformed.add(cell.filename)  # The columns of this code differ from those of the typed text.
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
        except ValueError as error:  # Older versions of Python raise this for null bytes.
            raise SyntaxError(str(error)) from None

    def _code(self, tree: ast.AST, filename: str, mode: str) -> CodeType:
        code = compile(tree, filename, mode, _TOP_LEVEL_AWAIT | self._flags, True)
        self._flags |= code.co_flags & _FUTURE_FLAGS
        return code


def needs_await(code: CodeType | None) -> bool:
    """Returns true if evaluating the code makes a coroutine."""
    return code is not None and bool(code.co_flags & _CO_COROUTINE)


def _is_suppressed(source: str, last: ast.stmt) -> bool:
    if ";" not in source:
        return False
    lines = source.split("\n")
    row = (last.end_lineno or 1) - 1
    if row >= len(lines):
        return False
    tail = lines[row].encode()[last.end_col_offset :].decode(errors="replace")
    # No string can follow the expression, so every # begins a comment.
    return ";" in _COMMENT.sub("", "\n".join([tail, *lines[row + 1 :]]))
