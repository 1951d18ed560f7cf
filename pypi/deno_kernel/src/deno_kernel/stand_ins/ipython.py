"""The stand-in for `IPython`."""

from __future__ import annotations

import sys
from typing import Any

from ..ipython.shell import InteractiveShell
from .ipython_display import display
from .ipython_getipython import get_ipython

__all__ = [
    "InteractiveShell", "__version__", "display", "embed", "extract_module_locals", "get_ipython",
    "version_info",
]  # fmt: skip

version_info = (8, 37, 0, "deno_kernel")
__version__ = "8.37.0+deno.kernel"


def embed(*args: Any, **kwargs: Any) -> None:
    """Raises NotImplementedError, because a cell cannot open a terminal."""
    raise NotImplementedError("Cannot embed a terminal shell: this kernel has no terminal")


def extract_module_locals(depth: int = 0) -> tuple[Any, dict[str, Any]]:
    """Returns the module and the local variables of the caller, or of a frame further up."""
    frame = sys._getframe(depth + 1)
    return sys.modules[frame.f_globals["__name__"]], frame.f_locals
