"""`IPython.core.interactiveshell`."""

from __future__ import annotations

from ..callbacks import ExecutionResult
from ..shell import InteractiveShell

__all__ = ["ExecutionResult", "InteractiveShell", "InteractiveShellABC"]

InteractiveShellABC = InteractiveShell
