"""Values as JSON can hold them."""

from __future__ import annotations

import math
from typing import Any


def plain(value: Any) -> Any:
    """Returns a value as JSON can hold it: times in ISO 8601, and nothing for what is no finite number."""
    if hasattr(value, "item") and getattr(value, "ndim", 0) == 0 and not hasattr(value, "isoformat"):
        if type(value).__name__ == "datetime64":
            text = str(value)
            return None if text == "NaT" else text
        value = value.item()
    if value is None or isinstance(value, (bool, str)):
        return value
    if type(value).__name__ in ("NaTType", "NAType"):
        return None
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    isoformat = getattr(value, "isoformat", None)
    return isoformat() if callable(isoformat) else str(value)
