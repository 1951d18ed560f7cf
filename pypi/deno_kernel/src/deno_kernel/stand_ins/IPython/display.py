"""The stand-in for `IPython.display` and the modules behind it."""

from __future__ import annotations

from deno_kernel.display.functions import (
    DisplayHandle,
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
from deno_kernel.display.links import FileLink, FileLinks, IFrame, VimeoVideo, YouTubeVideo
from deno_kernel.display.media import Audio, Image, Video
from deno_kernel.display.objects import (
    HTML,
    JSON,
    SVG,
    Code,
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
from IPython.core.pylabtools import set_matplotlib_close, set_matplotlib_formats

__all__ = [
    "Audio", "Code", "DisplayHandle", "DisplayObject", "FileLink", "FileLinks", "GeoJSON", "HTML", "IFrame",
    "Image", "JSON", "Javascript", "Latex", "Markdown", "Math", "Pretty", "ProgressBar", "SVG",
    "TextDisplayObject", "Video", "VimeoVideo", "YouTubeVideo", "clear_output", "display", "display_html",
    "display_javascript", "display_jpeg", "display_json", "display_latex", "display_markdown", "display_pdf",
    "display_png", "display_pretty", "display_svg", "publish_display_data", "set_matplotlib_close",
    "set_matplotlib_formats", "update_display",
]  # fmt: skip
