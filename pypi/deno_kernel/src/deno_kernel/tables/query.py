"""The requests of front ends for parts of a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

MAX_ROWS = 200
MAX_COLUMNS = 60
MAX_POINTS = 5_000
MAX_CONDITIONS = 20

OPERATORS = ("contains", "equals", "differs", "less", "at_most", "more", "at_least", "missing", "present")


@dataclass(frozen=True)
class Condition:
    """A `Condition` is met by the rows whose value in a column compares with `value`, which is text."""

    column: int
    operator: str
    value: str


@dataclass(frozen=True)
class Order:
    """An `Order` sorts rows by a column."""

    column: int
    descending: bool


@dataclass(frozen=True)
class Arrangement:
    """An `Arrangement` says which rows of a table are wanted, and in which order."""

    conditions: tuple[Condition, ...]
    orders: tuple[Order, ...]


def arrangement_of(data: dict[str, Any], columns: int) -> Arrangement:
    """Returns the conditions and orders of a request about a table with so many columns; raises ValueError."""
    conditions = tuple(
        Condition(
            _column(it, columns),
            _one_of(OPERATORS, it.get("operator")),
            str(it.get("value") or "")[:1_000],
        )
        for it in _objects(data, "conditions")
    )
    orders = tuple(Order(_column(it, columns), it.get("descending") is True) for it in _objects(data, "orders"))
    return Arrangement(conditions, orders)


def number_of(data: dict[str, Any], name: str, default: int, largest: int) -> int:
    """Returns a number of a request, from 0 to `largest`; raises ValueError if it is none."""
    value = data.get(name, default)
    if type(value) is not int or value < 0:
        raise ValueError(f"{name} must be a whole number from 0 on, not {value!r}")
    return min(value, largest)


def column_of(data: dict[str, Any], name: str, columns: int) -> int:
    """Returns the place of a column that a request names; raises ValueError if there is none."""
    value = data.get(name)
    if type(value) is not int or not 0 <= value < columns:
        raise ValueError(f"{name} must be a whole number from 0 to {columns - 1}, not {value!r}")
    return value


def _column(data: dict[str, Any], columns: int) -> int:
    return column_of(data, "column", columns)


def _objects(data: dict[str, Any], name: str) -> list[dict[str, Any]]:
    value = data.get(name) or []
    if not isinstance(value, list) or not all(isinstance(it, dict) for it in value):
        raise ValueError(f"{name} must be a list of objects")
    if len(value) > MAX_CONDITIONS:
        raise ValueError(f"{name} must have at most {MAX_CONDITIONS} items, not {len(value)}")
    return value


def _one_of(names: tuple[str, ...], value: Any) -> str:
    if value not in names:
        raise ValueError(f"operator must be one of {', '.join(names)}, not {value!r}")
    return str(value)
