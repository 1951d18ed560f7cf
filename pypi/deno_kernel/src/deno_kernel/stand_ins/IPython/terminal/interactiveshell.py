"""The stand-in for `IPython.terminal.interactiveshell`: no shell of this kernel is one of a terminal."""

from __future__ import annotations

from typing import Any

from deno_kernel.ipython.shell import InteractiveShell

__all__ = ["TerminalInteractiveShell"]


class TerminalInteractiveShell(InteractiveShell):
    """A `TerminalInteractiveShell` is the shell of a terminal, of which a kernel has none."""

    def __init__(self, *args: Any, **options: Any) -> None:
        raise NotImplementedError("Cannot start a terminal shell: this kernel has no terminal")
