"""The stand-in for `IPython.core.display`: the objects of `IPython.display` that are not of `IPython.lib.display`."""

from __future__ import annotations

from deno_kernel.display.media import Image, Video
from deno_kernel.display.objects import (
    HTML,
    JSON,
    SVG,
    DisplayObject,
    GeoJSON,
    Javascript,
    Latex,
    Markdown,
    Math,
    Pretty,
    ProgressBar,
    TextDisplayObject,
)  # fmt: skip
from IPython.core.display_functions import (
    clear_output,
    display,
    display_html,
    display_javascript,
    display_jpeg,
    display_json,
    display_latex,
    display_markdown,
    display_pdf,
    display_png,
    display_pretty,
    display_svg,
    publish_display_data,
    update_display,
)  # fmt: skip
from IPython.core.pylabtools import set_matplotlib_close, set_matplotlib_formats

__all__ = [
    "DisplayObject", "GeoJSON", "HTML", "Image", "JSON", "Javascript", "Latex", "Markdown", "Math", "Pretty",
    "ProgressBar", "SVG", "TextDisplayObject", "Video", "clear_output", "display", "display_html",
    "display_javascript", "display_jpeg", "display_json", "display_latex", "display_markdown", "display_pdf",
    "display_png", "display_pretty", "display_svg", "publish_display_data", "set_matplotlib_close",
    "set_matplotlib_formats", "update_display",
]  # fmt: skip
