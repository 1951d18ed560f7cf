"""The stand-in for `IPython.core.compilerop`."""

from __future__ import annotations

import hashlib

from deno_kernel.ipython.cell_compiler import CellCompiler

__all__ = ["CachingCompiler", "code_name"]


CachingCompiler = CellCompiler


def code_name(code: str, number: int = 0) -> str:
    """Returns a name that tells one source from others."""
    return f"<ipython-input-{number}-{hashlib.sha1(code.encode()).hexdigest()[:12]}>"
