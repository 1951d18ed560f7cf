"""The stand-in for `IPython.lib.latextools`."""

from __future__ import annotations

from typing import Any

__all__ = ["latex_to_html", "latex_to_png", "latex_to_png_mpl"]


def latex_to_png(
    s: str, encode: bool = False, backend: str | None = None, wrap: bool = False, color: str = "Black", scale: float = 1.0
) -> Any:
    """Returns a formula as a PNG image, made by matplotlib; None if it cannot be."""
    if backend not in (None, "matplotlib"):
        raise ValueError(f"No such backend {backend!r}: there are no programs to run, only matplotlib")
    return latex_to_png_mpl(s, wrap, color, scale, encode)


def latex_to_png_mpl(s: str, wrap: bool, color: str = "Black", scale: float = 1.0, encode: bool = False) -> Any:
    """Returns a formula as a PNG image, made by matplotlib; None if matplotlib is missing or cannot read it."""
    import io

    try:
        from matplotlib import figure, mathtext
        from matplotlib.backends import backend_agg
        from matplotlib.font_manager import FontProperties
    except ImportError:
        return None
    text = f"${s}$" if wrap else s.replace("\\displaystyle", "").replace("$$", "$")
    try:
        properties = FontProperties(size=12)
        width, height, depth, _, _ = mathtext.MathTextParser("path").parse(text, dpi=72, prop=properties)
        drawing = figure.Figure(figsize=(width / 72, height / 72))
        drawing.text(0, depth / height, text, fontproperties=properties, color=color.lower())
        backend_agg.FigureCanvasAgg(drawing)
        buffer = io.BytesIO()
        drawing.savefig(buffer, dpi=120 * scale, format="png", transparent=True)
    except (ValueError, RuntimeError):
        return None
    if not encode:
        return buffer.getvalue()
    import base64

    return base64.encodebytes(buffer.getvalue())


def latex_to_html(s: str, alt: str = "image") -> str | None:
    """Returns a formula as an HTML image; None if it cannot be made."""
    data = latex_to_png(s, encode=True)
    return None if data is None else f"<img src='data:image/png;base64,{data.decode('ascii').strip()}' alt='{alt}'/>"
