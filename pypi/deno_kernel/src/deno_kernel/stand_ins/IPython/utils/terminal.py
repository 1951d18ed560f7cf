"""The stand-in for `IPython.utils.terminal`."""

from __future__ import annotations

import shutil

__all__ = ["get_terminal_size", "restore_term_title", "set_term_title", "toggle_set_term_title"]


def get_terminal_size(defaultx: int = 80, defaulty: int = 25) -> tuple[int, int]:
    """Returns the columns and lines that output is made for."""
    return tuple(shutil.get_terminal_size((defaultx, defaulty)))  # type: ignore[return-value]


def toggle_set_term_title(val: bool) -> None:
    """Does nothing, because there is no terminal."""


def set_term_title(title: str) -> None:
    """Does nothing, because there is no terminal."""


def restore_term_title() -> None:
    """Does nothing, because there is no terminal."""
