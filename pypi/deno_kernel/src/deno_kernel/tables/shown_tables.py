"""The data frames that were displayed, and the comm over which front ends read them."""

from __future__ import annotations

import uuid
import warnings
import weakref
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from .frames import is_frame, nbytes_of, table_of
from .query import MAX_COLUMNS, MAX_POINTS, MAX_ROWS, Arrangement, arrangement_of, column_of, number_of
from .table import Table

TARGET = "dataframe_table"
"""The target of comms, and the member of an output's metadata that names the table."""

MAX_TABLES = 500
MAX_KEPT = 16
MAX_KEPT_BYTES = 64 * 2**20


class ShownTables:
    """`ShownTables` has the displayed data frames by id.

    Most are referred to weakly: a data frame lives as long as the user's own names refer to it. The last few small
    ones are kept besides, because a value that was only displayed has no name.
    """

    def __init__(self, run_count: Callable[[], int]) -> None:
        self._frames: OrderedDict[str, Callable[[], Any]] = OrderedDict()
        self._kept: OrderedDict[str, tuple[Any, int]] = OrderedDict()
        # The rows of the last arrangement, and all that they depend on.
        self._arranged: tuple[Any, Any] | None = None
        # Cells may change a data frame.
        self._run_count = run_count

    def describe(self, value: Any, data: dict[str, Any], metadata: dict[str, Any]) -> None:
        """Adds the id of a data frame's table to the metadata of its forms; does nothing for other values."""
        try:
            # A data frame without HTML is one whose user wants text. Those of Arrow never have any.
            if is_frame(value) and ("text/html" in data or type(value).__module__.startswith("pyarrow.")):
                metadata[TARGET] = {"id": self._add(value)}
        except Exception:  # The display of an object must not fail because it is a strange one.
            return

    def _add(self, frame: Any) -> str:
        table_id = uuid.uuid4().hex
        size = nbytes_of(frame)
        try:
            self._frames[table_id] = weakref.ref(frame)
        except TypeError:
            self._frames[table_id] = lambda: None
        while len(self._frames) > MAX_TABLES:
            self._frames.popitem(last=False)
        if size is not None and size <= MAX_KEPT_BYTES:
            self._kept[table_id] = frame, size
            while len(self._kept) > MAX_KEPT or sum(size for _, size in self._kept.values()) > MAX_KEPT_BYTES:
                self._kept.popitem(last=False)
        return table_id

    def find(self, table_id: Any) -> Any:
        """Returns a displayed data frame; None if it does not exist any more."""
        kept = self._kept.get(table_id)
        if kept is not None:
            return kept[0]
        reference = self._frames.get(table_id)
        return None if reference is None else reference()

    def on_open(self, comm: Any, message: dict[str, Any]) -> None:
        """Answers what a front end asks over a comm: each message names a table, and its `id` is in the answer."""
        comm.on_msg(lambda message: comm.send(self.answer(message["content"]["data"])))

    def answer(self, data: Any) -> dict[str, Any]:
        """Returns the answer to a request: `rows`, `points`, `error`, or `gone` if the data frame no longer exists."""
        if not isinstance(data, dict):
            return {"error": "A request must be an object"}
        head = {"id": data.get("id")}
        try:
            frame = self.find(data.get("table"))
            if frame is None:
                return {**head, "gone": True}
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return {**head, **self._read(table_of(frame), data)}
        except KeyboardInterrupt:
            return {**head, "error": "Interrupted"}
        except Exception as error:
            return {**head, "error": f"{type(error).__name__}: {error}"[:1_000]}

    def _read(self, table: Table, data: dict[str, Any]) -> dict[str, Any]:
        arrangement = arrangement_of(data, table.width())
        positions = self._positions(table, data.get("table"), arrangement)
        count = table.length if positions is None else len(positions)
        if data.get("type") == "points":
            return _points(table, positions, count, data)
        return _rows(table, positions, count, data)

    def _positions(self, table: Table, table_id: Any, arrangement: Arrangement) -> Any:
        """Returns the rows of an arrangement; those of the last one are known until a cell has run."""
        if arrangement == Arrangement((), ()):
            return None
        key = table_id, arrangement, self._run_count(), table.length
        if self._arranged is None or self._arranged[0] != key:
            self._arranged = None
            self._arranged = key, table.arranged(arrangement)
        return self._arranged[1]


def _rows(table: Table, positions: Any, count: int, data: dict[str, Any]) -> dict[str, Any]:
    from .cells import cell_of, cut

    width = table.width()
    start = number_of(data, "offset", 0, count)
    stop = min(count, start + number_of(data, "limit", 50, MAX_ROWS))
    first = number_of(data, "columnOffset", 0, width)
    last = min(width, first + number_of(data, "columnLimit", 30, MAX_COLUMNS))
    # The index stands beside whichever columns are in sight.
    indexes = []
    while len(indexes) < min(first, MAX_COLUMNS) and table.column(len(indexes)).is_index:
        indexes.append(len(indexes))
    places = [*indexes, *range(max(first, len(indexes)), last)]
    columns = []
    for place in places:
        name, type_name, kind, is_index = table.column(place)
        columns.append({"place": place, "name": cut(name), "type": cut(type_name), "kind": kind, "isIndex": is_index})
    values = [[cell_of(value) for value in table.values(place, positions, range(start, stop))] for place in places]
    return {
        "total": table.length,
        "count": count,
        "width": width,
        "offset": start,
        "columns": columns,
        "rows": [[column[row] for column in values] for row in range(stop - start)],
    }


def _points(table: Table, positions: Any, count: int, data: dict[str, Any]) -> dict[str, Any]:
    """Returns values of one or two columns for a chart: of all rows, or of some that are spread evenly."""
    from .cells import plotted

    width = table.width()
    places = [column_of(data, "x", width)]
    if data.get("y") is not None:
        places.append(column_of(data, "y", width))
    rows = range(0, count, max(1, -(-count // MAX_POINTS)))
    series = [[plotted(value) for value in table.values(place, positions, rows)] for place in places]
    return {"count": count, "points": [list(point) for point in zip(*series, strict=True)]}
