"""The stand-in for `IPython.core.interactiveshell`."""

from __future__ import annotations

from ..execution.callbacks import ExecutionResult
from ..ipython.shell import InteractiveShell

__all__ = ["ExecutionResult", "InteractiveShell", "InteractiveShellABC"]

InteractiveShellABC = InteractiveShell
