"""The stand-in for `IPython.core.hooks`."""

from __future__ import annotations

from typing import Any

from deno_kernel.ipython.hooks import CommandChainDispatcher
from IPython.core.error import TryNext

__all__ = ["CommandChainDispatcher", "TryNext", "clipboard_get", "pre_prompt_hook", "show_in_pager"]


def show_in_pager(self: Any, data: Any, start: int, screen_lines: int) -> None:
    """Raises TryNext, so that the front end shows the page."""
    raise TryNext


def clipboard_get(self: Any) -> str:
    """Raises TryNext, because there is no clipboard."""
    raise TryNext("There is no clipboard in this kernel")


def pre_prompt_hook(self: Any) -> None:
    """Does nothing."""
