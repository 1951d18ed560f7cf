"""Tables of Polars' data frames."""

from __future__ import annotations

import sys
from typing import Any

from .query import Condition
from .table import Column, Table, compared, parsed


class PolarsTable(Table):
    """A `PolarsTable` reads a `polars.DataFrame`."""

    def __init__(self, frame: Any) -> None:
        self._frame = frame
        self._polars: Any = sys.modules["polars"]

    @property
    def length(self) -> int:
        return int(self._frame.height)

    def width(self) -> int:
        return int(self._frame.width)

    def column(self, place: int) -> Column:
        dtype = self._frame.dtypes[place]
        return Column(self._frame.columns[place], str(dtype), self._kind(dtype))

    def _kind(self, dtype: Any) -> str:
        if dtype == self._polars.Boolean:
            return "boolean"
        if dtype.is_numeric():
            return "number"
        if dtype in (self._polars.Date, self._polars.Datetime):
            return "time"
        return "text" if dtype == self._polars.String else "other"

    def _texts(self, series: Any) -> Any:
        if series.dtype in (self._polars.String, self._polars.Categorical, self._polars.Enum):
            return series.cast(self._polars.String)
        texts = [None if it is None else str(it) for it in series.to_list()]
        return self._polars.Series(texts, dtype=self._polars.String)

    def matching(self, condition: Condition) -> Any:
        series, operator = self._frame.to_series(condition.column), condition.operator
        kind = self._kind(series.dtype)
        if operator in ("missing", "present"):
            missing = series.is_null()
            if series.dtype.is_float():
                missing = missing | series.is_nan().fill_null(False)
            return missing if operator == "missing" else ~missing
        if operator == "contains":
            texts = self._texts(series).str.to_lowercase()
            return texts.str.contains(condition.value.lower(), literal=True).fill_null(False)
        value = parsed(condition.value, kind)
        if kind == "time":
            if series.dtype == self._polars.Date:
                value = value.date()
            elif (zone := series.dtype.time_zone) is not None:
                from zoneinfo import ZoneInfo

                value = value if value.tzinfo else value.replace(tzinfo=ZoneInfo(zone))
        elif kind not in ("number", "boolean"):
            series = self._texts(series)
        mask = compared(series, operator, value).fill_null(False)
        # Polars orders NaN above every number.
        return mask & ~series.is_nan().fill_null(False) if series.dtype.is_float() else mask

    def chosen(self, mask: Any) -> Any:
        return mask.arg_true()

    def ordered(self, positions: Any, place: int, descending: bool) -> Any:
        series = self._frame.to_series(place)
        if positions is not None:
            series = series.gather(positions)
        if series.dtype.is_float():
            series = series.fill_nan(None)
        numbers = self._polars.Series("position", range(len(series))) if positions is None else positions.alias("position")
        options = {"descending": descending, "nulls_last": True, "maintain_order": True}
        frame = self._polars.DataFrame([series.alias("value"), numbers])
        try:
            return frame.sort("value", **options).to_series(1)
        except Exception:  # Objects and some nested types have no order.
            texts = self._texts(series).alias("value")
            return self._polars.DataFrame([texts, numbers]).sort("value", **options).to_series(1)

    def values(self, place: int, positions: Any, rows: range) -> list[Any]:
        series, part = self._frame.to_series(place), slice(rows.start, rows.stop, rows.step)
        return list((series[part] if positions is None else series.gather(positions[part])).to_list())
