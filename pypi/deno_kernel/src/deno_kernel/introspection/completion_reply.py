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
        self.signatures: dict[str, str] = {}


def directory(obj: Any) -> list[str]:
    """Returns the names of the attributes of an object: those that its `__dir__` names, or of its class if that fails."""
    try:
        # dir() would sort, which fails for names that are no strings.
        names: Iterable[Any] = [*dir(obj), *dir(type(obj))] if isinstance(obj, type) else type(obj).__dir__(obj)
    except Exception:
        names = dir(type(obj))
    return [name for name in set(names) if isinstance(name, str) and name.isidentifier()]


def public(name: str, prefix: str) -> bool:
    """Returns true unless a name begins with an underscore that was not typed."""
    return not name.startswith("_") or prefix.startswith("_")


def ordered(names: Iterable[str]) -> list[str]:
    """Returns names sorted, those with underscores at the end."""
    return sorted(names, key=lambda name: (name.startswith("_"), name.startswith("__"), name))
