"""The code of earlier cells under a name."""

from __future__ import annotations

from typing import Any

from ..current import running_shell


class Macro:
    """A `Macro` is the code of earlier cells, which runs when it is the value of a cell."""

    def __init__(self, code: str) -> None:
        self.value = code if code.endswith("\n") else code + "\n"

    def __str__(self) -> str:
        return self.value

    def __repr__(self) -> str:
        return f"IPython.macro.Macro({self.value!r})"

    def __getstate__(self) -> dict[str, str]:
        return {"value": self.value}

    def __add__(self, other: Any) -> Macro:
        if isinstance(other, Macro):
            return Macro(self.value + other.value)
        if isinstance(other, str):
            return Macro(self.value + other)
        raise TypeError

    def _ipython_display_(self) -> None:
        running_shell().run_cell(self.value)
