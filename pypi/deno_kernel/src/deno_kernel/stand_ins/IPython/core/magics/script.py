"""The stand-in for `IPython.core.magics.script`."""

from __future__ import annotations

from deno_kernel.magics.idle import IdleMagics
from deno_kernel.magics.shell import ShellMagics

__all__ = ["ScriptMagics"]


class ScriptMagics(IdleMagics, ShellMagics):
    """A `ScriptMagics` has the magics that run programs, as a library may ask for them."""
