"""Tables: what front ends see of data frames, whichever library has made these."""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import datetime
from typing import Any, NamedTuple

from .query import Arrangement, Condition


_ORDERING = ("less", "at_most", "more", "at_least")


class Column(NamedTuple):
    """A `Column` describes a column; an index counts as a column. `kind` is number, time, boolean, text or other."""

    name: str
    type: str
    kind: str
    is_index: bool = False


class Table(ABC):
    """A `Table` reads one data frame, as it is at the time of each call.

    `Positions` are the numbers of rows in the form of the library: None stands for all rows in their order.
    """

    @property
    @abstractmethod
    def length(self) -> int:
        """The number of rows."""

    @abstractmethod
    def width(self) -> int:
        """Returns the number of columns."""

    @abstractmethod
    def column(self, place: int) -> Column:
        """Describes a column."""

    @abstractmethod
    def matching(self, condition: Condition) -> Any:
        """Returns a mask of the rows that meet a condition; raises ValueError if its value cannot be compared."""

    @abstractmethod
    def chosen(self, mask: Any) -> Any:
        """Returns the positions of the rows of a mask."""

    @abstractmethod
    def ordered(self, positions: Any, place: int, descending: bool) -> Any:
        """Returns the positions in the order of a column, with missing values at the end and ties as they were."""

    @abstractmethod
    def values(self, place: int, positions: Any, rows: range) -> list[Any]:
        """Returns the values of a column in some of the rows that the positions name."""

    def arranged(self, arrangement: Arrangement) -> Any:
        """Returns the positions of the rows that an arrangement wants."""
        positions = None
        if arrangement.conditions:
            masks = [self._mask(condition) for condition in arrangement.conditions]
            mask = masks[0]
            for other in masks[1:]:
                mask = self.both(mask, other)
            positions = self.chosen(mask)
        for order in reversed(arrangement.orders):
            positions = self.ordered(positions, order.column, order.descending)
        return positions

    def _mask(self, condition: Condition) -> Any:
        column = self.column(condition.column)
        if column.kind == "other" and condition.operator in _ORDERING:
            raise ValueError(f"The values of {column.name!r} ({column.type}) have no order that all libraries agree on")
        return self.matching(condition)

    def both(self, mask: Any, other: Any) -> Any:
        """Returns the mask of the rows that are in two masks."""
        return mask & other


def parsed(text: str, kind: str) -> Any:
    """Returns the value that a condition compares a column of a kind with; raises ValueError."""
    text = text.strip()
    if kind == "number":
        try:
            return int(text)
        except ValueError:
            pass
        try:
            return float(text)
        except ValueError:
            raise ValueError(f"{text!r} is not a number") from None
    if kind == "time":
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            raise ValueError(f"{text!r} is not a time such as 2026-01-31 or 2026-01-31 14:30") from None
    if kind == "boolean":
        if text.lower() in ("true", "1", "yes"):
            return True
        if text.lower() in ("false", "0", "no"):
            return False
        raise ValueError(f"{text!r} is neither true nor false")
    return text


def compared(values: Any, operator: str, value: Any) -> Any:
    """Returns the mask of an operator that compares; `values` is an array of a library that has them as methods."""
    match operator:
        case "equals":
            return values == value
        case "differs":
            return values != value
        case "less":
            return values < value
        case "at_most":
            return values <= value
        case "more":
            return values > value
        case _:
            return values >= value
