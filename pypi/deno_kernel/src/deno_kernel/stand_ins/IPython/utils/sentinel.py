"""The stand-in for `IPython.utils.sentinel`."""

from __future__ import annotations

__all__ = ["Sentinel"]


class Sentinel:
    """A `Sentinel` is an object with a name, which stands for the absence of another."""

    def __init__(self, name: str, module: str, docstring: str | None = None) -> None:
        self.name, self.module = name, module
        if docstring:
            self.__doc__ = docstring

    def __repr__(self) -> str:
        return f"{self.module}.{self.name}"
