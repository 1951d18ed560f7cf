"""The stand-in for `IPython.extensions.storemagic`: `%store` is a magic of this kernel."""

from __future__ import annotations

from typing import Any

__all__ = ["load_ipython_extension"]


def load_ipython_extension(ip: Any) -> None:
    """Does nothing, because `%store` is there already."""
