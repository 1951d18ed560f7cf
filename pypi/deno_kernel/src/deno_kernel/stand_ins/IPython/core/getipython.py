"""The stand-in for `IPython.core.getipython`."""

from __future__ import annotations

from typing import Any

from deno_kernel.current import running_shell

__all__ = ["get_ipython"]


def get_ipython() -> Any:
    """Returns the shell of the running kernel; None if there is none."""
    return running_shell()
