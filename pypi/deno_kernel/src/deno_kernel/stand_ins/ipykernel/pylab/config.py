"""The stand-in for `ipykernel.pylab.config`."""

from __future__ import annotations

from matplotlib_inline.config import InlineBackend

__all__ = ["InlineBackend"]
