"""The stand-in for `IPython.core.magics.namespace`."""

from __future__ import annotations

from deno_kernel.magics.names import NameMagics
from deno_kernel.magics.paging import PagingMagics
from deno_kernel.magics.session import SessionMagics

__all__ = ["NamespaceMagics"]


class NamespaceMagics(NameMagics, PagingMagics, SessionMagics):
    """A `NamespaceMagics` has the magics about names and their objects, as a library may ask for them."""
