"""The stand-in for `IPython.core.payloadpage`."""

from __future__ import annotations

from IPython.core.page import page


__all__ = ["page"]
