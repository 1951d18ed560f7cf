"""The stand-in for `IPython.core.magics.packaging`."""

from __future__ import annotations

from deno_kernel.magics.refused import RefusedMagics
from deno_kernel.magics.system import SystemMagics

__all__ = ["PackagingMagics"]


class PackagingMagics(RefusedMagics, SystemMagics):
    """A `PackagingMagics` has the magics that manage packages, as a library may ask for them."""
