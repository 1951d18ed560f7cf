"""Chooses the lines of a source that a traceback shows: the failing statement and whole ones around it, as IPython does."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

GAP = 0
"""The place of lines that are left out, among the numbers of lines."""

_MOST_LINES_OF_A_STATEMENT = 6
_MOST_CHARACTERS = 200_000
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def excerpt(lines: list[str], lineno: int, first: int, last: int, before: int, after: int) -> list[int] | None:
    """Returns the numbers of the lines to show around `lineno`, with `GAP` in the place of those that are left out.

    The lines from `first` to `last` are parsed, which are a whole file or a whole function; None is returned if they
    are no Python. `before` and `after` count statements. Compound statements count by their headers.
    """
    located = _locate(lines, lineno, first, last)
    if located is None:
        return None
    _, pieces, index = located
    found: list[int] = []
    for number, piece in enumerate(pieces[max(0, index - before) : index + after + 1], max(0, index - before)):
        found += piece if number == index else _shortened(piece)
    return found


def failing_statement(lines: list[str], lineno: int, first: int, last: int) -> tuple[ast.AST, range] | None:
    """Returns the scope around a line, and the lines of the statement there; None if the lines are no Python."""
    located = _locate(lines, lineno, first, last)
    return None if located is None else (located[0], located[1][located[2]])


def _locate(lines: list[str], lineno: int, first: int, last: int) -> tuple[ast.AST, list[range], int] | None:
    """Returns the scope around a line, the lines of its statements, and the index of the one with the line."""
    tree = _parse(lines[first - 1 : last], first)
    if tree is None:
        return None
    scope = _scope(tree, lineno)
    start, end = (first, last) if scope is None else (_first_line(scope), scope.end_lineno or last)
    cuts = {start, end + 1}
    _add_cuts(tree, cuts)
    pieces = list(_pieces(lines, sorted(cut for cut in cuts if start <= cut <= end + 1)))
    index = next((index for index, piece in enumerate(pieces) if lineno in piece), None)
    return None if index is None else (scope or tree, pieces, index)


def _parse(lines: list[str], first: int) -> ast.Module | None:
    text = "".join(lines)
    if len(text) > _MOST_CHARACTERS:
        return None
    indented = text[:1] in " \t"
    try:
        tree = ast.parse(f"if 1:\n{text}" if indented else text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    ast.increment_lineno(tree, first - 1 - indented)
    return tree


def _statements(node: ast.AST) -> Iterator[list[Any]]:
    """Yields the lists of statements, handlers and cases in a node."""
    for _, value in ast.iter_fields(node):
        if isinstance(value, list) and value and isinstance(value[0], (ast.stmt, ast.ExceptHandler, ast.match_case)):
            yield value


def _first_line(node: Any) -> int:
    if isinstance(node, ast.match_case):
        return node.pattern.lineno
    decorators = getattr(node, "decorator_list", None)
    return int(decorators[0].lineno if decorators else node.lineno)


def _last_line(node: Any) -> int:
    return int(_last_line(node.body[-1]) if isinstance(node, ast.match_case) else node.end_lineno)


def _scope(tree: ast.AST, lineno: int) -> Any:
    """Returns the innermost function or class whose body has a statement at a line; None at the top level."""
    found, node = None, tree
    while True:
        inner = next((it for body in _statements(node) for it in body if _first_line(it) <= lineno <= _last_line(it)), None)
        if inner is None:
            return found
        if isinstance(node, _SCOPES):
            found = node
        node = inner


def _add_cuts(node: ast.AST, cuts: set[int]) -> None:
    """Adds the numbers of the lines before which statements begin or after which they end.

    Statements that share a line by `;` are not cut there.
    """
    for body in _statements(node):
        previous_end = 0
        for index, statement in enumerate(body):
            first, last = _first_line(statement), _last_line(statement)
            if first > previous_end:
                cuts.add(first)
            if index + 1 == len(body) or _first_line(body[index + 1]) > last:
                cuts.add(last + 1)
            previous_end = last
            _add_cuts(statement, cuts)


def _pieces(lines: list[str], cuts: list[int]) -> Iterator[range]:
    """Yields the ranges of lines between cuts, without the blank lines at their ends."""
    for start, stop in zip(cuts, cuts[1:], strict=False):
        while start < stop and not lines[start - 1].strip():
            start += 1
        while start < stop and not lines[stop - 2].strip():
            stop -= 1
        if start < stop:
            yield range(start, stop)


def _shortened(piece: range) -> list[int]:
    if len(piece) <= _MOST_LINES_OF_A_STATEMENT:
        return list(piece)
    right = (_MOST_LINES_OF_A_STATEMENT - 1) // 2
    left = _MOST_LINES_OF_A_STATEMENT - 1 - right
    return [*piece[:left], GAP, *piece[-right:]]
