"""The stand-in for `ipykernel.pylab.backend_inline`."""

from __future__ import annotations

from matplotlib_inline.backend_inline import flush_figures, set_matplotlib_close, set_matplotlib_formats, show

__all__ = ["flush_figures", "set_matplotlib_close", "set_matplotlib_formats", "show"]
