"""The stand-in for `IPython.utils.data`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

__all__ = ["chop", "uniq_stable"]


def uniq_stable(elems: Iterable[Any]) -> list[Any]:
    """Returns elements without repetitions, in their order."""
    return list(dict.fromkeys(elems))


def chop(seq: Sequence[Any], size: int) -> list[Any]:
    """Returns the parts of a sequence, each of the given size but the last."""
    return [seq[at : at + size] for at in range(0, len(seq), size)]
