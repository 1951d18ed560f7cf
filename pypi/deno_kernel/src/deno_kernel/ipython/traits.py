"""Attributes of the shell that have one of a few values, as traitlets has them."""

from __future__ import annotations

from typing import Any


class Choice:
    """A `Choice` is an attribute whose value is one of a few; ValueError is raised for another one.

    As in IPython, assigning to the class replaces the attribute for all objects.
    """

    def __init__(self, default: str, values: tuple[str, ...]) -> None:
        self._default = default
        self._values = values
        self._name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, obj: Any, owner: type | None = None) -> str:
        return self._default if obj is None else obj.__dict__.get(f"_{self._name}", self._default)

    def __set__(self, obj: Any, value: str) -> None:
        if value not in self._values:
            raise ValueError(
                f"The {self._name!r} trait of {type(obj).__name__} instance expected any of {list(self._values)}, "
                f"not the {type(value).__name__} {value!r}."
            )
        obj.__dict__[f"_{self._name}"] = value
