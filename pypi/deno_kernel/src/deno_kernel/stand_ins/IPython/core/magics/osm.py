"""The stand-in for `IPython.core.magics.osm`."""

from __future__ import annotations

from deno_kernel.magics.bookmarks import BookmarkMagics
from deno_kernel.magics.files import FileMagics
from deno_kernel.magics.idle import IdleMagics
from deno_kernel.magics.naming import NamingMagics
from deno_kernel.magics.refused import RefusedMagics
from deno_kernel.magics.shell import ShellMagics
from deno_kernel.magics.system import SystemMagics

__all__ = ["OSMagics"]


class OSMagics(BookmarkMagics, FileMagics, IdleMagics, NamingMagics, RefusedMagics, ShellMagics, SystemMagics):
    """An `OSMagics` has the magics about directories, files and the environment, as a library may ask for them."""
