"""`matplotlib_inline`, whose backend is ours here."""

from __future__ import annotations

from .ipython_pylabtools import set_matplotlib_close, set_matplotlib_formats

__all__ = ["flush_figures", "set_matplotlib_close", "set_matplotlib_formats", "show"]


def show(close: bool | None = None, block: bool | None = None) -> None:
    """Shows the open figures."""
    from ..figures.matplotlib_backend import show

    show(close=close)


def flush_figures() -> None:
    """Shows and closes the open figures."""
    from ..figures.matplotlib_backend import flush_figures

    flush_figures()
