"""The stand-in for `IPython.core.magics.history`."""

from __future__ import annotations

from deno_kernel.magics.recalling import RecallingMagics
from deno_kernel.magics.session import SessionMagics

__all__ = ["HistoryMagics"]


class HistoryMagics(RecallingMagics, SessionMagics):
    """A `HistoryMagics` has the magics about earlier cells, as a library may ask for them."""
