"""The history of the session, as IPython's history manager gives it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..kernel import Kernel

_RANGE = re.compile(r"""((?P<startsess>~?\d+)/)?(?P<start>\d+)?((?P<sep>[\-:])((?P<endsess>~?\d+)/)?(?P<end>\d+))?$""")
Row = tuple[int, int, Any]


class HistoryManager:
    """A `HistoryManager` reads the cells of this session, the only one that there is: nothing is kept on disk."""

    enabled = True
    hist_file = ":memory:"
    session_number = 1
    db_log_output = False

    def __init__(self, kernel: Kernel, shell: Any) -> None:
        self._kernel = kernel
        self.shell = shell

    @property
    def input_hist_raw(self) -> list[str]:
        """The cells as they were typed, by their numbers."""
        return self._texts("raw")

    @property
    def input_hist_parsed(self) -> list[str]:
        """The cells as Python, by their numbers."""
        return self._texts("source")

    def _texts(self, attribute: str) -> list[str]:
        found = [""] * (self._kernel.runner.count + 1)
        for entry in self._kernel.history.range():
            if entry.line < len(found):
                found[entry.line] = getattr(entry, attribute)
        return found

    @property
    def output_hist(self) -> dict[int, Any]:
        """The values of cells: `Out`."""
        return self._kernel.namespace.outputs

    @property
    def output_hist_reprs(self) -> dict[int, str]:
        """The texts of the values of cells, by their numbers."""
        return {entry.line: entry.output for entry in self._kernel.history.range() if entry.output is not None}

    @property
    def dir_hist(self) -> list[str]:
        """The directories that were visited: `_dh`."""
        return self._kernel.namespace.directories

    def get_range(
        self, session: int = 0, start: int = 1, stop: int | None = None, raw: bool = True, output: bool = False
    ) -> Iterator[Row]:
        """Yields session, number and text (or text and output) of the cells with start <= number < stop."""
        for entry in self._kernel.history.range(session, start, stop):
            yield self._row(entry, raw, output)

    def get_tail(
        self, n: int = 10, raw: bool = True, output: bool = False, include_latest: bool = False
    ) -> Iterable[Row]:
        """Returns the last n cells; without `include_latest`, not the one that runs."""
        entries = self._kernel.history.range()
        if not include_latest:
            entries = entries[:-1]
        return [self._row(entry, raw, output) for entry in entries[-n:] if n > 0]

    def search(
        self, pattern: str = "*", raw: bool = True, search_raw: bool = True, output: bool = False,
        n: int | None = None, unique: bool = False,
    ) -> Iterable[Row]:  # fmt: skip
        """Returns the cells that a glob matches as a whole."""
        return [self._row(entry, raw, output) for entry in self._kernel.history.search(pattern, n, unique, search_raw)]

    def get_range_by_str(self, rangestr: str, raw: bool = True, output: bool = False) -> Iterator[Row]:
        """Yields the cells of ranges such as `1 3-5 7:9 ~0/2`; an empty str means all."""
        for session, start, stop in extract_hist_ranges(rangestr):
            yield from self.get_range(session, start, stop, raw, output)

    def _row(self, entry: Any, raw: bool, output: bool) -> Row:
        text = entry.raw if raw else entry.source
        return self.session_number, entry.line, (text, entry.output) if output else text

    def get_last_session_id(self) -> int:
        """Returns the number of this session."""
        return self.session_number

    def get_session_info(self, session: int = 0) -> tuple[int, Any, Any, int, str]:
        """Returns the number of a session, its beginning and end, the number of its cells, and a remark."""
        return self.session_number, None, None, len(self._kernel.history.range()), ""

    def store_inputs(self, line_num: int, source: str, source_raw: str | None = None) -> None:
        """Stores a cell under a number."""
        entry = self._kernel.history.add(line_num, source if source_raw is None else source_raw)
        entry.source = source
        self._kernel.namespace.record_input(line_num, entry.raw)

    def reset(self, new_session: bool = True) -> None:
        """Forgets the cells, their values, and the directories that were visited."""
        self._kernel.history.clear()
        self._kernel.namespace.forget_inputs()
        self._kernel.namespace.inputs[:] = [""]
        self.output_hist.clear()
        self.dir_hist[:] = self.dir_hist[-1:]

    def writeout_cache(self, conn: Any = None) -> None:
        """Does nothing, because nothing is kept on disk."""

    def end_session(self) -> None:
        """Does nothing, because nothing is kept on disk."""


def extract_hist_ranges(ranges_str: str) -> Iterator[tuple[int, int, int | None]]:
    """Yields session, start and stop of ranges such as `1 3-5 ~2/7`; session 0 is the present one, -1 the last."""
    if ranges_str.strip() == "":
        yield 0, 1, None
        return
    for word in ranges_str.split():
        match = _RANGE.match(word)
        if not match:
            continue
        start = match["start"]
        if start:
            first = int(start)
            last: int | None = int(match["end"] or first + 1)
            last += 1 if match["sep"] == "-" else 0  # type: ignore[operator]
        else:
            if not match["startsess"]:
                continue
            first, last = 1, None
        session = match["startsess"] or "0"
        until = match["endsess"] or session
        begin, end = (int(text.replace("~", "-")) for text in (session, until))
        if begin == end:
            yield begin, first, last
        else:
            yield begin, first, None
            for number in range(begin + 1, end):
                yield number, 1, None
            yield end, 1, last
