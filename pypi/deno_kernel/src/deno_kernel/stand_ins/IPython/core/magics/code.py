"""The stand-in for `IPython.core.magics.code`."""

from __future__ import annotations

from deno_kernel.magics.recalling import RecallingMagics
from deno_kernel.magics.refused import RefusedMagics
from deno_kernel.magics.running import RunningMagics

__all__ = ["CodeMagics"]


class CodeMagics(RecallingMagics, RefusedMagics, RunningMagics):
    """A `CodeMagics` has the magics that save, load and edit code, as a library may ask for them."""
