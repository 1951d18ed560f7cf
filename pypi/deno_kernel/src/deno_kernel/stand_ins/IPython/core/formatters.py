"""The stand-in for `IPython.core.formatters`."""

from __future__ import annotations

from typing import Any

from deno_kernel.current import running_shell
from deno_kernel.display.display_formatter import DisplayFormatter, PlainTextFormatter
from deno_kernel.display.formatters import STANDARD, FormatterWarning, MimeFormatter

__all__ = [
    "BaseFormatter", "DisplayFormatter", "FormatterABC", "FormatterWarning", "HTMLFormatter", "JPEGFormatter",
    "JSONFormatter", "JavascriptFormatter", "LatexFormatter", "MarkdownFormatter", "PDFFormatter", "PNGFormatter",
    "PlainTextFormatter", "SVGFormatter", "format_display_data",
]  # fmt: skip


class BaseFormatter(MimeFormatter):
    """A `BaseFormatter` makes text/plain by `repr`, unless a class that is derived from it has other ways."""

    format_type = "text/plain"
    print_method = "__repr__"

    def __init__(self, parent: Any = None, **options: Any) -> None:
        super().__init__(self.format_type, self.print_method)
        for name, value in options.items():
            setattr(self, name, value)


FormatterABC = MimeFormatter


def _mod_name_key(typ: type) -> tuple[str, str]:
    """Returns the key of a type in `deferred_printers`."""
    return typ.__module__, typ.__name__


class _StandardFormatter(BaseFormatter):
    """A `_StandardFormatter` makes one of the forms that every notebook knows."""

    format_type = "text/html"

    def __init__(self, parent: Any = None, **options: Any) -> None:
        self.print_method, return_type = STANDARD[self.format_type]
        super().__init__(parent, **options)
        self._return_type = return_type


class HTMLFormatter(_StandardFormatter):
    """An `HTMLFormatter` makes HTML."""

    format_type = "text/html"


class MarkdownFormatter(_StandardFormatter):
    """A `MarkdownFormatter` makes Markdown."""

    format_type = "text/markdown"


class SVGFormatter(_StandardFormatter):
    """An `SVGFormatter` makes SVG."""

    format_type = "image/svg+xml"


class PNGFormatter(_StandardFormatter):
    """A `PNGFormatter` makes PNG images."""

    format_type = "image/png"


class PDFFormatter(_StandardFormatter):
    """A `PDFFormatter` makes PDF documents."""

    format_type = "application/pdf"


class JPEGFormatter(_StandardFormatter):
    """A `JPEGFormatter` makes JPEG images."""

    format_type = "image/jpeg"


class LatexFormatter(_StandardFormatter):
    """A `LatexFormatter` makes LaTeX."""

    format_type = "text/latex"


class JSONFormatter(_StandardFormatter):
    """A `JSONFormatter` makes JSON."""

    format_type = "application/json"


class JavascriptFormatter(_StandardFormatter):
    """A `JavascriptFormatter` makes JavaScript."""

    format_type = "application/javascript"


def format_display_data(obj: Any, include: Any = None, exclude: Any = None) -> Any:
    """Returns the forms of an object and their metadata, by MIME type."""
    shell = running_shell()
    formatter = shell.display_formatter if shell is not None else DisplayFormatter()
    return formatter.format(obj, include, exclude)
