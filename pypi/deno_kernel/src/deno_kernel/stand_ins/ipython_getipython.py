"""`IPython.core.getipython`."""

from __future__ import annotations

from typing import Any

from ..current import running_shell

__all__ = ["get_ipython"]


def get_ipython() -> Any:
    """The shell of the running kernel, or None."""
    return running_shell()
