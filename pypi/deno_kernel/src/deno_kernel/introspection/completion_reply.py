"""The matches of a completion, and their order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


class Reply:
    """A `Reply` has the matches for the last `length` characters before the cursor."""

    def __init__(self, matches: Iterable[str] = (), length: int = 0, kinds: dict[str, str] | None = None) -> None:
        self.matches = list(matches)
        self.length = length
        self.kinds = kinds or {}


def directory(obj: Any) -> list[str]:
    """Returns the attributes that `__dir__` of an object names."""
    try:
        # dir() would sort, which fails for names that are no strings.
        names = type(obj).__dir__(obj) if not isinstance(obj, type) else dir(obj)
        return [name for name in set(names) if isinstance(name, str) and name.isidentifier()]
    except Exception:
        return []


def public(name: str, prefix: str) -> bool:
    """Returns true unless a name begins with an underscore that was not typed."""
    return not name.startswith("_") or prefix.startswith("_")


def ordered(names: Iterable[str]) -> list[str]:
    """Returns names sorted, those with underscores at the end."""
    return sorted(names, key=lambda name: (name.startswith("_"), name.startswith("__"), name))
