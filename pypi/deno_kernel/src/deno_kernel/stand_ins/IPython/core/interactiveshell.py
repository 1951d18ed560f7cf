"""The stand-in for `IPython.core.interactiveshell`."""

from __future__ import annotations

from typing import Any

from deno_kernel.current import running_shell
from deno_kernel.execution.callbacks import ExecutionInfo, ExecutionResult
from deno_kernel.ipython.shell import InteractiveShell
from IPython.core.display_functions import display
from IPython.core.error import InputRejected, UsageError
from IPython.core.magic import Magics, line_magic, magics_class
from IPython.core.macro import Macro
from IPython.display import DisplayHandle

__all__ = [
    "DisplayHandle", "ExecutionInfo", "ExecutionResult", "InputRejected", "InteractiveShell", "InteractiveShellABC",
    "Macro", "Magics", "ProvisionalWarning", "SpaceInInput", "UsageError", "display", "get_ipython",
    "is_integer_string", "line_magic", "magics_class", "no_op",
]  # fmt: skip


InteractiveShellABC = InteractiveShell


class ProvisionalWarning(DeprecationWarning):
    """A `ProvisionalWarning` warns of what may change."""


class SpaceInInput(Exception):
    """A `SpaceInInput` is an error of IPython's that this kernel never raises."""


def is_integer_string(s: str) -> bool:
    """Returns true if some text is that of an integer."""
    try:
        int(s)
    except ValueError:
        return False
    return True


def no_op(*args: Any, **kwargs: Any) -> None:
    """Does nothing."""


def get_ipython() -> Any:
    """Returns the shell of the running kernel; None if there is none."""
    return running_shell()
