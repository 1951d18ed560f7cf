"""Matches, and which names are worth to be one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


class Reply:
    """The matches for the last `length` characters before the cursor."""

    def __init__(self, matches: Iterable[str] = (), length: int = 0, kinds: dict[str, str] | None = None) -> None:
        self.matches = list(matches)
        self.length = length
        self.kinds = kinds or {}


def directory(obj: Any) -> list[str]:
    """The attributes that an object says it has."""
    try:
        # Not dir(): that sorts, which fails for names that are no strings.
        names = type(obj).__dir__(obj) if not isinstance(obj, type) else dir(obj)
        return [name for name in set(names) if isinstance(name, str) and name.isidentifier()]
    except Exception:
        return []


def public(name: str, prefix: str) -> bool:
    """Whether to offer a name: one with an underscore only to who has typed one."""
    return not name.startswith("_") or prefix.startswith("_")


def ordered(names: Iterable[str]) -> list[str]:
    """Names sorted, those with underscores last."""
    return sorted(names, key=lambda name: (name.startswith("_"), name.startswith("__"), name))
