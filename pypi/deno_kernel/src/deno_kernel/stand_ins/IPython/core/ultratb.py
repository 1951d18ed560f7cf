"""The stand-in for `IPython.core.ultratb`."""

from __future__ import annotations

from typing import Any

from deno_kernel.ipython.traceback_printer import FormattedTB

__all__ = ["AutoFormattedTB", "ColorTB", "FormattedTB", "ListTB", "SyntaxTB", "TBTools", "VerboseTB"]


TBTools = ListTB = SyntaxTB = FormattedTB


class AutoFormattedTB(FormattedTB):
    """An `AutoFormattedTB` prints the exception that is handled when it is called without arguments."""


class VerboseTB(FormattedTB):
    """A `VerboseTB` prints tracebacks in the mode `Verbose`."""

    def __init__(self, color_scheme: str = "Linux", call_pdb: Any = False, **options: Any) -> None:
        super().__init__("Verbose", color_scheme, call_pdb, **options)


class ColorTB(FormattedTB):
    """A `ColorTB` prints tracebacks in colours."""

    def __init__(self, color_scheme: str = "Linux", call_pdb: Any = 0, **options: Any) -> None:
        super().__init__("Context", color_scheme, call_pdb, **options)
