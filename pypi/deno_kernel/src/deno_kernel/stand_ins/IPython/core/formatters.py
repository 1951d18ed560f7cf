"""The stand-in for `IPython.core.formatters`."""

from __future__ import annotations

from typing import Any

from deno_kernel.current import running_shell
from deno_kernel.display.display_formatter import DisplayFormatter, PlainTextFormatter
from deno_kernel.display.formatters import FormatterWarning, MimeFormatter

__all__ = ["BaseFormatter", "DisplayFormatter", "FormatterWarning", "PlainTextFormatter", "format_display_data"]


class BaseFormatter(MimeFormatter):
    """A `BaseFormatter` makes text/plain by `repr`, unless a class that is derived from it has other ways."""

    format_type = "text/plain"
    print_method = "__repr__"

    def __init__(self, parent: Any = None, **options: Any) -> None:
        super().__init__(self.format_type, self.print_method)
        for name, value in options.items():
            setattr(self, name, value)


def format_display_data(obj: Any, include: Any = None, exclude: Any = None) -> Any:
    """Returns the forms of an object and their metadata, by MIME type."""
    shell = running_shell()
    formatter = shell.display_formatter if shell is not None else DisplayFormatter()
    return formatter.format(obj, include, exclude)
