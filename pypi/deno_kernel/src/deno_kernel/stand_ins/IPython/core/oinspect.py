"""The stand-in for `IPython.core.oinspect`."""

from __future__ import annotations

from deno_kernel.introspection.signatures import render_signature as _render_signature
from deno_kernel.ipython.inspector import (
    Inspector, OInfo, find_file, find_source_lines, getdoc, getsource, is_simple_callable,
)

__all__ = ["Inspector", "OInfo", "find_file", "find_source_lines", "getdoc", "getsource", "is_simple_callable"]
