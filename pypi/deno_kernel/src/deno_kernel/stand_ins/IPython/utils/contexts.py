"""The stand-in for `IPython.utils.contexts`."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any

__all__ = ["preserve_keys"]


@contextmanager
def preserve_keys(dictionary: MutableMapping[Any, Any], *keys: Any) -> Iterator[None]:
    """Returns a context after which some keys of a mapping are as before."""
    kept = {key: dictionary[key] for key in keys if key in dictionary}
    try:
        yield
    finally:
        for key in keys:
            dictionary.pop(key, None)
        dictionary.update(kept)
