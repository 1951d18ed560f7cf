"""The stand-in for `IPython.core.magics.basic`."""

from __future__ import annotations

from deno_kernel.magics.exporting import ExportingMagics
from deno_kernel.magics.idle import IdleMagics
from deno_kernel.magics.naming import NamingMagics
from deno_kernel.magics.paging import PagingMagics
from deno_kernel.magics.session import SessionMagics
from deno_kernel.magics.showing import ShowingMagics

__all__ = ["BasicMagics"]


class BasicMagics(ExportingMagics, IdleMagics, NamingMagics, PagingMagics, SessionMagics, ShowingMagics):
    """A `BasicMagics` has the magics that need no other group, as a library may ask for them."""
