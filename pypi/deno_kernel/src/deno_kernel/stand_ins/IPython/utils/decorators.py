"""The stand-in for `IPython.utils.decorators`."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

__all__ = ["flag_calls", "undoc"]


def flag_calls(func: Callable[..., Any]) -> Any:
    """Returns a function whose attribute `called` is true after a call that did not raise."""
    if hasattr(func, "called"):
        return func

    @functools.wraps(func)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        wrapper.called = False  # type: ignore[attr-defined]
        value = func(*args, **kwargs)
        wrapper.called = True  # type: ignore[attr-defined]
        return value

    wrapper.called = False  # type: ignore[attr-defined]
    return wrapper


def undoc(func: Any) -> Any:
    """Returns a function unchanged; its name says that it is not documented."""
    return func
