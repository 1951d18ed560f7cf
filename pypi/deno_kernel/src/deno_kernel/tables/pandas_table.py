"""Tables of pandas' data frames."""

from __future__ import annotations

import sys
from typing import Any

from .query import Condition
from .table import Column, Table, compared, parsed


class PandasTable(Table):
    """A `PandasTable` reads a `pandas.DataFrame`; the levels of its index are the first columns."""

    def __init__(self, frame: Any) -> None:
        self._frame = frame
        self._pandas: Any = sys.modules["pandas"]

    @property
    def length(self) -> int:
        return len(self._frame.index)

    def width(self) -> int:
        return self._levels + len(self._frame.columns)

    @property
    def _levels(self) -> int:
        return int(self._frame.index.nlevels)

    def column(self, place: int) -> Column:
        frame, levels = self._frame, self._levels
        if place < levels:
            index = frame.index
            dtype = index.dtypes.iloc[place] if levels > 1 else index.dtype
            name = index.names[place]
            return Column("" if name is None else _label(name), str(dtype), self._kind(dtype), True)
        dtype = frame.dtypes.iloc[place - levels]
        return Column(_label(frame.columns[place - levels]), str(dtype), self._kind(dtype))

    def _kind(self, dtype: Any) -> str:
        types = self._pandas.api.types
        if types.is_bool_dtype(dtype):
            return "boolean"
        if types.is_numeric_dtype(dtype) and not types.is_complex_dtype(dtype):
            return "number"
        if types.is_datetime64_any_dtype(dtype):
            return "time"
        return "text" if types.is_string_dtype(dtype) and not types.is_object_dtype(dtype) else "other"

    def _series(self, place: int, rows: Any = None) -> Any:
        """Returns a column with the numbers of its rows as index; some of its rows if they are given."""
        frame, levels = self._frame, self._levels
        if place < levels:
            # A part of an index with several levels is taken first: the values of a level are made of all its rows.
            index = frame.index if rows is None else frame.index[rows]
            return self._pandas.Series(index.get_level_values(place).array)
        if rows is None:
            return self._pandas.Series(frame.iloc[:, place - levels].array)
        return frame.iloc[rows, place - levels]

    def matching(self, condition: Condition) -> Any:
        series, operator = self._series(condition.column), condition.operator
        if operator in ("missing", "present"):
            missing = series.isna().to_numpy()
            return missing if operator == "missing" else ~missing
        column = self.column(condition.column)
        if operator == "contains":
            texts = series.astype(str)
            found = texts.str.contains(condition.value, case=False, regex=False).to_numpy(dtype=bool, na_value=False)
            return found & ~series.isna().to_numpy()
        value = parsed(condition.value, column.kind)
        if column.kind == "time":
            value = self._pandas.Timestamp(value)
            zone = getattr(series.dtype, "tz", None)
            if zone is not None:
                value = value.tz_convert(zone) if value.tzinfo else value.tz_localize(zone)
        elif column.kind not in ("number", "boolean"):
            missing = series.isna()
            series = series.astype(str).where(~missing, None)
            return (compared(series.where(~missing, ""), operator, value) & ~missing).to_numpy(dtype=bool)
        mask = compared(series, operator, value)
        return mask.to_numpy(dtype=bool, na_value=False) & ~series.isna().to_numpy()

    def chosen(self, mask: Any) -> Any:
        return mask.nonzero()[0]

    def ordered(self, positions: Any, place: int, descending: bool) -> Any:
        series = self._series(place)
        if positions is not None:
            series = series.iloc[positions]
        options = {"ascending": not descending, "kind": "stable", "na_position": "last"}
        try:
            ordered = series.sort_values(**options)
        except Exception:  # Values of different types have no order, nor have dicts and arrays.
            ordered = series.map(str, na_action="ignore").sort_values(**options)
        return ordered.index.to_numpy()

    def values(self, place: int, positions: Any, rows: range) -> list[Any]:
        part = slice(rows.start, rows.stop, rows.step)
        series = self._series(place, part if positions is None else positions[part])
        return list(series.tolist())


def _label(name: Any) -> str:
    return " / ".join(map(_label, name)) if isinstance(name, tuple) else str(name)
