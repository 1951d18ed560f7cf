"""Tables of Arrow's tables and record batches."""

from __future__ import annotations

import importlib
from datetime import datetime
from typing import Any

from .query import Condition
from .table import Column, Table, parsed

_FUNCTIONS = {
    "equals": "equal", "differs": "not_equal", "less": "less", "at_most": "less_equal", "more": "greater",
    "at_least": "greater_equal",
}  # fmt: skip


class ArrowTable(Table):
    """An `ArrowTable` reads a `pyarrow.Table` or a `pyarrow.RecordBatch`."""

    def __init__(self, table: Any) -> None:
        self._table = table
        self._arrow: Any = importlib.import_module("pyarrow")
        self._compute: Any = importlib.import_module("pyarrow.compute")

    @property
    def length(self) -> int:
        return int(self._table.num_rows)

    def width(self) -> int:
        return int(self._table.num_columns)

    def column(self, place: int) -> Column:
        field = self._table.schema.field(place)
        return Column(field.name, str(field.type), self._kind(field.type))

    def _kind(self, kind: Any) -> str:
        types = self._arrow.types
        if types.is_boolean(kind):
            return "boolean"
        if types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind):
            return "number"
        if types.is_timestamp(kind) or types.is_date(kind):
            return "time"
        return "text" if types.is_string(kind) or types.is_large_string(kind) else "other"

    def _texts(self, values: Any) -> Any:
        texts = [None if it is None else str(it) for it in values.to_pylist()]
        return self._arrow.array(texts, self._arrow.string())

    def matching(self, condition: Condition) -> Any:
        values, operator, compute = self._table.column(condition.column), condition.operator, self._compute
        if operator in ("missing", "present"):
            missing = compute.is_null(values, nan_is_null=True)
            return missing if operator == "missing" else compute.invert(missing)
        kind = self._kind(values.type)
        if operator == "contains":
            texts = values if kind == "text" else self._texts(values)
            return compute.match_substring(texts, condition.value, ignore_case=True)
        value = parsed(condition.value, kind)
        if kind == "time":
            value = self._arrow.scalar(self._time(value, values.type), values.type)
        elif kind not in ("number", "boolean", "text"):
            values = self._texts(values)
        return compute.call_function(_FUNCTIONS[operator], [values, self._arrow.scalar(value)])

    def _time(self, value: datetime, kind: Any) -> Any:
        if self._arrow.types.is_date(kind):
            return value.date()
        if kind.tz is None or value.tzinfo is not None:
            return value
        from zoneinfo import ZoneInfo

        return value.replace(tzinfo=ZoneInfo(kind.tz))

    def both(self, mask: Any, other: Any) -> Any:
        return self._compute.and_(mask, other)

    def chosen(self, mask: Any) -> Any:
        return self._compute.indices_nonzero(mask)

    def ordered(self, positions: Any, place: int, descending: bool) -> Any:
        values = self._table.column(place)
        if positions is not None:
            values = values.take(positions)
        order = [("value", "descending" if descending else "ascending")]
        try:
            places = self._compute.sort_indices(self._arrow.table({"value": values}), order)
        except Exception:  # Nested types have no order.
            places = self._compute.sort_indices(self._arrow.table({"value": self._texts(values)}), order)
        return places if positions is None else positions.take(places)

    def values(self, place: int, positions: Any, rows: range) -> list[Any]:
        column = self._table.column(place)
        wanted = self._arrow.array(rows, self._arrow.int64())
        return list(column.take(wanted if positions is None else positions.take(wanted)).to_pylist())
