"""The cells of this session, for the history request and `%history`."""

from __future__ import annotations

import re
from typing import Any

from ..host.executions import HistoryEntry

SESSION = 1
"""The number of the only session, because nothing is kept on disk."""


class History:
    """A `History` has the cells of this session in the order of their numbers."""

    def __init__(self) -> None:
        self._entries: list[HistoryEntry] = []

    def add(self, line: int, raw: str) -> HistoryEntry:
        """Stores a cell and returns its entry, whose `source` and `output` are set later."""
        entry = HistoryEntry(line, raw)
        self._entries.append(entry)
        return entry

    def clear(self) -> None:
        """Forgets all cells."""
        self._entries.clear()

    def query(self, args: dict[str, Any]) -> list[list[Any]]:
        """Returns the answer to a history request: rows of session, line, and text or `[text, output]`."""
        kind = args.get("accessType") or "tail"
        if kind == "range":
            entries = self.range(args.get("session") or 0, args.get("start") or 1, args.get("stop"))
        elif kind == "tail":
            entries = self.tail(args.get("n"))
        elif kind == "search":
            pattern = args.get("pattern")
            unique, raw = bool(args.get("unique")), bool(args.get("raw", True))
            entries = self.search("*" if pattern is None else pattern, args.get("n"), unique, raw)
        else:
            raise ValueError(f"Cannot read history: unknown access type {kind!r}")
        raw, output = bool(args.get("raw", True)), bool(args.get("output"))
        return [self._row(entry, raw, output) for entry in entries]

    @staticmethod
    def _row(entry: HistoryEntry, raw: bool, output: bool) -> list[Any]:
        text = entry.raw if raw else entry.source
        return [SESSION, entry.line, [text, entry.output] if output else text]

    def range(self, session: int = 0, start: int = 1, stop: int | None = None) -> list[HistoryEntry]:
        """Returns the cells with start <= n < stop; session 0 is the present one, and any other is empty."""
        if session not in (0, SESSION):
            return []
        return [entry for entry in self._entries if start <= entry.line and (stop is None or entry.line < stop)]

    def tail(self, n: int | None = None) -> list[HistoryEntry]:
        """Returns the last n cells; without n, all of them."""
        if n is None:
            return list(self._entries)
        return self._entries[-n:] if n > 0 else []

    def search(
        self, pattern: str = "*", n: int | None = None, unique: bool = False, raw: bool = True
    ) -> list[HistoryEntry]:
        """Returns the last n cells that a glob matches as a whole; with `unique`, only the last of equal ones."""
        matcher = re.compile(_glob(pattern), re.DOTALL)
        found: list[HistoryEntry] = []
        seen: set[str] = set()
        for entry in reversed(self._entries):
            text = entry.raw if raw else entry.source
            if not matcher.fullmatch(text) or (unique and text in seen):
                continue
            seen.add(text)
            found.append(entry)
            if n is not None and len(found) >= n:
                break
        found.reverse()
        return found if n is None or n > 0 else []


def _glob(pattern: str) -> str:
    # This is like SQLite's GLOB, which Jupyter's history uses: case-sensitive, with *, ? and [...].
    import fnmatch

    return fnmatch.translate(pattern)
