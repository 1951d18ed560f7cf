"""The stand-in for `matplotlib_inline.backend_inline`, which is the kernel's own backend."""

from __future__ import annotations

from typing import Any

from deno_kernel.figures.inline_config import set_close, set_formats
from deno_kernel.figures.matplotlib_backend import (
    FigureCanvas,
    FigureManager,
    flush_figures,
    new_figure_manager,
    new_figure_manager_given_figure,
    show,
)

__all__ = [
    "FigureCanvas",
    "FigureManager",
    "flush_figures",
    "new_figure_manager",
    "new_figure_manager_given_figure",
    "set_matplotlib_close",
    "set_matplotlib_formats",
    "show",
]


def set_matplotlib_formats(*formats: str, **kwargs: Any) -> None:
    """Sets the formats of figures: png, retina, jpeg, svg, pdf."""
    set_formats(formats, **kwargs)


def set_matplotlib_close(close: bool = True) -> None:
    """Sets whether a figure is closed after it was shown."""
    set_close(close)
