"""The stand-in for `IPython.utils.PyColorize`."""

from __future__ import annotations

import sys
from typing import Any

__all__ = ["Parser"]


class Parser:
    """A `Parser` writes Python source as it is: the front end colours code."""

    def __init__(self, color_table: Any = None, out: Any = None, parent: Any = None, style: str | None = None) -> None:
        self.out = out
        self.style = style or "NoColor"

    def format(self, raw: str, out: Any = None, scheme: str = "") -> str | None:
        """Writes some source; with `out` as "str", returns it."""
        target = out if out is not None else self.out
        if target == "str":
            return raw
        (target or sys.stdout).write(raw)
        return None

    def format2(self, raw: str, out: Any = None) -> tuple[str | None, bool]:
        """Does the same as `format`, and says that there was no error."""
        return self.format(raw, out), False
