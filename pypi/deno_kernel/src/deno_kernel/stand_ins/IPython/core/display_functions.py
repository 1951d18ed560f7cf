"""The stand-in for `IPython.core.display_functions`."""

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

__all__ = [
    "DisplayHandle", "clear_output", "display", "display_html", "display_javascript", "display_jpeg", "display_json",
    "display_latex", "display_markdown", "display_pdf", "display_png", "display_pretty", "display_svg",
    "publish_display_data", "update_display",
]  # fmt: skip
