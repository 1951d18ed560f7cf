"""%sql and %%sql: queries of SQLite and, where it is installed, DuckDB; results are tables."""

from __future__ import annotations

import html
import re
import sys
from collections.abc import Sequence
from typing import Any

from ..ipython.magic import Magics, UsageError, line_cell_magic, magics_class

_USAGE = "%%sql [sqlite[:FILE] | duckdb[:FILE]] [NAME <<], and the statements"
_HEAD = re.compile(r"\s*(?:(?P<engine>sqlite|duckdb)(?::(?P<file>\S+))?(?=\s|$))?\s*(?:(?P<name>[^\W\d]\w*)\s*<<)?", re.ASCII)
_PARAMETER = re.compile(r"(?<![\w:]):([^\W\d]\w*)")
_MOST_ROWS = 200
"""The most rows that are shown of a result."""


class SqlTable(list[tuple[Any, ...]]):
    """A `SqlTable` is the rows of a result; it is displayed as a table."""

    def __init__(self, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
        super().__init__(rows)
        self.columns = list(columns)

    def __repr__(self) -> str:
        rows = [self.columns, *([str(it) for it in row] for row in self[:_MOST_ROWS])]
        widths = [max(len(row[at]) for row in rows) for at in range(len(self.columns))]
        lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
        return "\n".join([*lines, *self._rest()])

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{html.escape(it)}</th>" for it in self.columns)
        body = "".join(
            "<tr>" + "".join(f"<td>{html.escape(str(it))}</td>" for it in row) + "</tr>" for row in self[:_MOST_ROWS]
        )
        rest = "".join(f"<p>{it}</p>" for it in self._rest())
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{rest}"

    def _rest(self) -> list[str]:
        return [f"({len(self)} rows, of which {_MOST_ROWS} are shown)"] if len(self) > _MOST_ROWS else []


@magics_class
class SqlMagics(Magics):
    """A `SqlMagics` keeps a connection to each database that was used; each is in memory unless a file is named."""

    @line_cell_magic
    def sql(self, line: str = "", cell: str | None = None) -> Any:
        """Runs SQL and returns the table of the last statement: `%%sql [sqlite[:FILE] | duckdb[:FILE]] [NAME <<]`.

        Data frames of the notebook are tables by their names, and `:name` in a statement is the value of a variable.
        """
        head = _HEAD.match(line)
        assert head is not None
        rest = line[head.end() :]
        if cell is not None and rest.strip():
            raise UsageError(f"Cannot run %%sql: {rest.strip()!r} is no part of {_USAGE}")
        statements = rest if cell is None else cell
        if not statements.strip():
            raise UsageError(f"Cannot run %sql: there is no statement; use {_USAGE}")
        engine, file = head["engine"] or "sqlite", head["file"] or ":memory:"
        run = self._duckdb if engine == "duckdb" else self._sqlite
        table = run(file, statements)
        if head["name"]:
            self.shell.user_ns[head["name"]] = table
            return None
        return table

    def _sqlite(self, file: str, statements: str) -> Any:
        import sqlite3

        connection = self._connection("sqlite", file, lambda: sqlite3.connect(file, isolation_level=None))
        tables = {name for (name,) in connection.execute("select name from sqlite_master")}
        for name, frame in self._frames(statements):
            if name not in tables or name in self._copies(file):
                frame.to_sql(name, connection, index=False, if_exists="replace")
                self._copies(file).add(name)
        cursor = None
        for statement in _split(statements, sqlite3.complete_statement):
            cursor = connection.execute(statement, self._parameters(statement))
        if cursor is None or cursor.description is None:
            return None
        return self._table([column[0] for column in cursor.description], cursor.fetchall())

    def _duckdb(self, file: str, statements: str) -> Any:
        try:
            import duckdb  # type: ignore[import-not-found]
        except ImportError:
            raise UsageError("Cannot run %sql duckdb: duckdb is not installed; try %pip install duckdb") from None
        connection = self._connection("duckdb", file, lambda: duckdb.connect(file))
        for name, frame in self._frames(statements):
            connection.register(name, frame)
        result = connection.execute(_PARAMETER.sub(r"$\1", statements), self._parameters(statements) or None)
        if result.description is None:
            return None
        return self._table([column[0] for column in result.description], result.fetchall())

    def _connection(self, engine: str, file: str, connect: Any) -> Any:
        connections: dict[tuple[str, str], Any] = self.__dict__.setdefault("_connections", {})
        if (engine, file) not in connections:
            connections[engine, file] = connect()
        return connections[engine, file]

    def _copies(self, file: str) -> set[str]:
        """Returns the names of the data frames that were copied into a database, which later copies replace."""
        copies: dict[str, set[str]] = self.__dict__.setdefault("_copied", {})
        return copies.setdefault(file, set())

    def _frames(self, statements: str) -> list[tuple[str, Any]]:
        pandas = sys.modules.get("pandas")
        if pandas is None:
            return []
        names = dict.fromkeys(re.findall(r"[^\W\d]\w*", statements))
        values = [(name, self.shell.user_ns.get(name)) for name in names]
        return [(name, value) for name, value in values if isinstance(value, pandas.DataFrame)]

    def _parameters(self, statement: str) -> dict[str, Any]:
        names = _PARAMETER.findall(re.sub(r"'[^']*'", "", statement))
        missing = [name for name in names if name not in self.shell.user_ns]
        if missing:
            raise UsageError(f"Cannot run %sql: there is no variable {missing[0]!r} for :{missing[0]}")
        return {name: self.shell.user_ns[name] for name in names}

    def _table(self, columns: list[str], rows: list[tuple[Any, ...]]) -> Any:
        pandas = sys.modules.get("pandas")
        return SqlTable(columns, rows) if pandas is None else pandas.DataFrame(rows, columns=columns)


def _split(statements: str, is_complete: Any) -> list[str]:
    """Returns the statements of a text one by one."""
    found, current = [], ""
    for part in re.split(r"(?<=;)", statements):
        current += part
        if is_complete(current):
            found.append(current)
            current = ""
    return [it for it in [*found, current] if it.strip().strip(";")]
