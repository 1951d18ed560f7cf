"""The stand-in for `IPython.core.prompts`."""

from __future__ import annotations

from typing import Any

__all__ = ["LazyEvaluate"]


class LazyEvaluate:
    """A `LazyEvaluate` calls a function each time it is formatted."""

    def __init__(self, func: Any, *args: Any, **kwargs: Any) -> None:
        self.func, self.args, self.kwargs = func, args, kwargs

    def __call__(self, **kwargs: Any) -> Any:
        return self.func(*self.args, **{**self.kwargs, **kwargs})

    def __str__(self) -> str:
        return str(self())

    def __format__(self, format_spec: str) -> str:
        return format(self(), format_spec)
