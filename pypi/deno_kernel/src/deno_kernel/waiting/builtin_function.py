"""Functions that take the place of Python's own."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any


class BuiltinFunction:
    """A `BuiltinFunction` stands for a function of a module that is written in C, whose name and help it has.

    As that one, it stays what it is as an attribute of a class, where a function of Python would become a method.
    """

    def __init__(self, function: Callable[..., Any], original: Callable[..., Any], module: str) -> None:
        functools.update_wrapper(self, original)
        self.__module__ = module
        self._function = function

    def __call__(self, *args: Any, **options: Any) -> Any:
        return self._function(*args, **options)

    def __repr__(self) -> str:
        return f"<built-in function {self.__name__}>"  # type: ignore[attr-defined]

    def __reduce__(self) -> str:
        return self.__qualname__  # type: ignore[attr-defined]
