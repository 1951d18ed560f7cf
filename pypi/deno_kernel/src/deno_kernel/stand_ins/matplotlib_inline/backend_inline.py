"""The stand-in for `matplotlib_inline`, whose backend is the kernel's own."""

from __future__ import annotations

from IPython.core.pylabtools import set_matplotlib_close, set_matplotlib_formats

__all__ = ["flush_figures", "set_matplotlib_close", "set_matplotlib_formats", "show"]


def show(close: bool | None = None, block: bool | None = None) -> None:
    """Displays the open figures."""
    from deno_kernel.figures.matplotlib_backend import show

    show(close=close)


def flush_figures() -> None:
    """Displays the open figures and closes them."""
    from deno_kernel.figures.matplotlib_backend import flush_figures

    flush_figures()
