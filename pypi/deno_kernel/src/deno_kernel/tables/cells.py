"""Values of a data frame as JSON: as text to show, and as numbers and times to draw."""

from __future__ import annotations

import math
import reprlib
from typing import Any

MAX_TEXT = 300

Cell = str | dict[str, str]
"""The text of a value; `{"missing": name}` for a value that is missing."""

_MISSING_NAMES = ("NaN", "NaT", "<NA>", "None")

_short = reprlib.Repr()
_short.maxlevel = 4
_short.maxlist = _short.maxtuple = _short.maxdict = _short.maxset = _short.maxfrozenset = _short.maxarray = 20
_short.maxstring = _short.maxother = MAX_TEXT


def cell_of(value: Any) -> Cell:
    """Returns the form of a value that a table shows; never raises an Exception."""
    try:
        missing = missing_name(value)
        return {"missing": missing} if missing else cut(_text(value))
    except Exception as error:
        return f"<repr() failed: {type(error).__name__}>"


def missing_name(value: Any) -> str | None:
    """Returns the name of a missing value, as Python or pandas writes it; None for every other value."""
    if value is None:
        return "None"
    if isinstance(value, float):
        return "NaN" if math.isnan(value) else None
    # Their types are private to pandas, which need not be there.
    if type(value).__name__ not in ("NaTType", "NAType"):
        return None
    text = str(value)
    return text if text in _MISSING_NAMES else None


def plotted(value: Any) -> float | str | None:
    """Returns a value for a chart: a finite number, a time in ISO 8601, or text; None if it is missing."""
    if isinstance(value, bool):
        return str(value)
    try:
        if missing_name(value) is not None:
            return None
        isoformat = getattr(value, "isoformat", None)
        if isoformat is not None:
            return str(isoformat())
        if not isinstance(value, (str, bytes, list, dict, tuple, set)):
            number = float(value)
            return number if math.isfinite(number) else None
    except (TypeError, ValueError, OverflowError):
        pass
    cell = cell_of(value)
    return cell if isinstance(cell, str) else None


def cut(text: str) -> str:
    """Returns a text without what is too long to show."""
    return text if len(text) <= MAX_TEXT else f"{text[: MAX_TEXT - 1]}…"


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value[: MAX_TEXT + 1]
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, int) and value.bit_length() > 4_000:
        return f"an integer of {value.bit_length()} bits"
    if isinstance(value, (list, tuple, dict, set, frozenset, bytes, bytearray)):
        return _short.repr(value)
    return str(value)


def _number(value: float) -> str:
    size = abs(value)
    if not math.isfinite(value) or (size != 0 and not 1e-4 <= size < 1e16):
        return f"{value:.6g}"
    whole, _, digits = f"{value:.6f}".partition(".")
    return f"{whole}.{digits.rstrip('0') or '0'}"
