"""The stand-in for `IPython.terminal.embed`."""

from __future__ import annotations

from IPython import embed
from IPython.terminal.interactiveshell import TerminalInteractiveShell

__all__ = ["InteractiveShellEmbed", "embed"]


class InteractiveShellEmbed(TerminalInteractiveShell):
    """An `InteractiveShellEmbed` is a shell in a terminal, of which a kernel has none."""
