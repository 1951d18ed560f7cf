"""The stand-in for `IPython.core.pylabtools`."""

from __future__ import annotations

from typing import Any

from deno_kernel.figures.inline_config import set_close, set_formats

__all__ = ["print_figure", "select_figure_formats", "set_matplotlib_close", "set_matplotlib_formats"]


def set_matplotlib_formats(*formats: str, **kwargs: Any) -> None:
    """Sets the formats of figures: png, retina, jpeg, svg, pdf."""
    set_formats(formats, **kwargs)


def select_figure_formats(shell: Any, formats: Any, **kwargs: Any) -> None:
    """Sets the formats of figures."""
    set_formats([formats] if isinstance(formats, str) else list(formats), **kwargs)


def set_matplotlib_close(close: bool = True) -> None:
    """Sets whether a figure is closed after it was shown."""
    set_close(close)


def print_figure(fig: Any, fmt: str = "png", bbox_inches: Any = "tight", base64: bool = False, **kwargs: Any) -> Any:
    """Returns a figure as image data, as `render` does; with `base64`, bytes become text."""
    from deno_kernel.figures.rendering import render

    data = render(fig, fmt, bbox_inches=bbox_inches, **kwargs)
    if base64 and isinstance(data, bytes):
        from deno_kernel.host.json_text import base64_text

        return base64_text(data)
    return data
