"""The stand-in for `ipykernel.jsonutil`."""

from __future__ import annotations

import datetime
import math
import numbers
from typing import Any

from deno_kernel.host.json_text import base64_text

__all__ = ["encode_images", "json_clean"]


def encode_images(format_dict: dict[str, Any]) -> dict[str, Any]:
    """Returns a MIME bundle unchanged, because the kernel encodes bytes where it sends them."""
    return format_dict


def json_clean(obj: Any) -> Any:
    """Returns an object as JSON can hold it; raises ValueError for one that it cannot."""
    if obj is None or isinstance(obj, (str, bool)):
        return obj
    if isinstance(obj, numbers.Integral):
        return int(obj)
    if isinstance(obj, numbers.Real):
        number = float(obj)
        return number if math.isfinite(number) else repr(number)
    if isinstance(obj, bytes):
        return base64_text(obj)
    if isinstance(obj, dict):
        names = {str(key): value for key, value in obj.items()}
        if len(names) != len(obj):
            raise ValueError("dict cannot be safely converted to JSON: key collision would lead to dropped values")
        return {name: json_clean(value) for name, value in names.items()}
    if isinstance(obj, datetime.datetime):
        return obj.isoformat()
    if isinstance(obj, (list, tuple, set, frozenset)) or hasattr(obj, "__next__"):
        return [json_clean(value) for value in obj]
    raise ValueError(f"Can't clean for JSON: {obj!r}")
