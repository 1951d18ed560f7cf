"""The stand-in for `IPython.terminal.prompts`."""

from __future__ import annotations

from typing import Any

__all__ = ["ClassicPrompts", "Prompts"]


class Prompts:
    """A `Prompts` makes the prompts of a terminal, which a kernel never shows."""

    def __init__(self, shell: Any) -> None:
        self.shell = shell


class ClassicPrompts(Prompts):
    """A `ClassicPrompts` makes the prompts of Python itself."""
