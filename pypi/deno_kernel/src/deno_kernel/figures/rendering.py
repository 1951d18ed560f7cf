"""Renders a matplotlib figure as image data."""

from __future__ import annotations

import io
from typing import Any


def render(figure: Any, fmt: str = "png", bbox_inches: Any = "tight", **options: Any) -> Any:
    """Returns a figure as bytes, as text for SVG, and as `(bytes, size)` for a retina PNG; None if it is empty."""
    if not figure.axes and not figure.lines and not getattr(figure, "artists", None):
        return None
    retina = fmt in ("retina", "png2x")
    dpi = options.pop("dpi", None) or figure.dpi
    settings = {
        "format": "png" if retina else "jpeg" if fmt == "jpg" else fmt,
        "facecolor": figure.get_facecolor(),
        "edgecolor": figure.get_edgecolor(),
        "dpi": dpi * 2 if retina else dpi,
        "bbox_inches": bbox_inches,
        **options,
    }
    if figure.canvas is None:
        from matplotlib.backend_bases import FigureCanvasBase

        FigureCanvasBase(figure)
    data = io.BytesIO()
    figure.canvas.print_figure(data, **settings)
    image = data.getvalue()
    if fmt == "svg":
        return image.decode("utf-8")
    if retina:
        from ..display.media import png_size

        width, height = png_size(image) or (0, 0)
        return image, {"width": width // 2, "height": height // 2}
    return image
