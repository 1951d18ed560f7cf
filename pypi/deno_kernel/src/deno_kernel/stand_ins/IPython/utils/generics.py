"""The stand-in for `IPython.utils.generics`."""

from __future__ import annotations

import functools
from typing import Any

from IPython.core.error import TryNext

__all__ = ["complete_object", "inspect_object"]


@functools.singledispatch
def inspect_object(obj: Any) -> Any:
    """Raises TryNext."""
    raise TryNext


@functools.singledispatch
def complete_object(obj: Any, prev_completions: list[str]) -> Any:
    """Raises TryNext."""
    raise TryNext
