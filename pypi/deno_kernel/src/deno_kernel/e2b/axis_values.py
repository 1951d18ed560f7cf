"""The values along an axis: numbers, times or categories."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .values import plain


class AxisValues:
    """An `AxisValues` turns the numbers along an axis into what they stand for."""

    def __init__(self, axis: Any) -> None:
        from matplotlib import category, dates

        self._axis = axis
        converter = axis.get_converter() if hasattr(axis, "get_converter") else axis.converter
        self._categories: dict[float, str] = {}
        self._number_to_date: Any = None
        units = getattr(axis, "units", None)
        if isinstance(converter, category.StrCategoryConverter) and isinstance(units, category.UnitData):
            self._categories = {float(number): str(name) for name, number in units._mapping.items()}
        elif isinstance(converter, dates.DateConverter) or "Date" in type(converter).__name__:
            self._number_to_date = dates.num2date
        self._times = self._number_to_date is not None or "Period" in type(converter).__name__

    @property
    def scale(self) -> str:
        """The scale by E2B's name."""
        if self._categories:
            return "categorical"
        return "datetime" if self._times else str(self._axis.get_scale())

    def ticks(self, name: str) -> dict[str, Any]:
        """Returns the fields `{name}_ticks`, `{name}_tick_labels` and `{name}_scale`."""
        places = self._axis.get_majorticklocs()
        labels = [str(it) for it in self._axis.get_major_formatter().format_ticks(places)]
        return {
            f"{name}_ticks": self.of_numbers(places),
            f"{name}_tick_labels": labels,
            f"{name}_scale": self.scale,
        }

    def of_numbers(self, numbers: Iterable[Any]) -> list[Any]:
        """Returns the values that numbers along the axis stand for."""
        return [self._value(float(it)) for it in numbers]

    def of_line(self, line: Any, direction: str) -> list[Any]:
        """Returns the values of a line along this axis, as they were given."""
        given = line.get_data(orig=True)[0 if direction == "x" else 1]
        if self._times and self._number_to_date is None:
            # pandas counts periods itself, and its line still has them.
            return [plain(it.to_timestamp() if hasattr(it, "to_timestamp") else it) for it in list(given)]
        numbers = line.get_data(orig=False)[0 if direction == "x" else 1]
        return self.of_numbers(numbers)

    def label_at(self, place: float, tolerance: float) -> str:
        """Returns the label of the tick at a place along the axis; without one, the value at that place."""
        places = [float(it) for it in self._axis.get_majorticklocs()]
        near = min(places, key=lambda it: abs(it - place), default=None)
        if near is not None and abs(near - place) <= tolerance / 2 and not self._automatic:
            return str(self._axis.get_major_formatter().format_ticks(places)[places.index(near)])
        value = self._value(float(place))
        return f"{value:g}" if isinstance(value, float) else str(value)

    @property
    def _automatic(self) -> bool:
        """True if matplotlib has chosen the ticks, so that they do not name what stands at them."""
        from matplotlib import ticker

        return isinstance(self._axis.get_major_formatter(), ticker.ScalarFormatter) or self._times

    def _value(self, number: float) -> Any:
        if self._categories:
            return self._categories.get(number, plain(number))
        if self._number_to_date is None:
            return plain(number)
        date = self._number_to_date(number)
        # Times without a zone were given without one.
        return date.replace(tzinfo=None).isoformat()
