"""The stand-in for `IPython.utils.frame`."""

from __future__ import annotations

import sys
from typing import Any

from IPython import extract_module_locals

__all__ = ["debugx", "extract_module_locals", "extract_vars", "extract_vars_above"]


def extract_vars(*names: str, **kw: Any) -> dict[str, Any]:
    """Returns local variables of the caller, or with `depth` of a frame further up, by name."""
    local = sys._getframe(kw.get("depth", 0) + 1).f_locals
    return {name: local[name] for name in names}


def extract_vars_above(*names: str) -> dict[str, Any]:
    """Returns local variables of the caller of the caller, by name."""
    local = sys._getframe(2).f_locals
    return {name: local[name] for name in names}


def debugx(expr: str, pre_msg: str = "") -> None:
    """Prints an expression and its value in the frame of the caller."""
    frame = sys._getframe(1)
    print(f"[DEBUG:{frame.f_code.co_name}] {pre_msg}{expr} -> {eval(expr, frame.f_globals, frame.f_locals)!r}")
