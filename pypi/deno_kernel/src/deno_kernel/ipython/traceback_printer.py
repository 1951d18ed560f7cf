"""IPython's printers of tracebacks, on the formatter of the kernel."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Any

from ..current import running_kernel, running_shell

MODES = ("Plain", "Context", "Verbose", "Minimal")


class FormattedTB:
    """A `FormattedTB` turns exceptions into text; it is called with the triple of `sys.exc_info()` to print one."""

    def __init__(self, mode: str = "Plain", color_scheme: str = "Linux", call_pdb: Any = False, **options: Any) -> None:
        self._mode = mode.capitalize()
        self.color_scheme = color_scheme
        self.call_pdb = call_pdb
        self.tb_offset = options.get("tb_offset") or 0
        self.ostream = options.get("ostream")
        self.skip_hidden = True
        self.tb: TracebackType | None = None

    @property
    def mode(self) -> str:
        """The detail of tracebacks, one of `MODES`."""
        return self._mode

    def set_mode(self, mode: str | None = None) -> None:
        """Sets the detail; without an argument, the next one. Raises ValueError for an unknown one."""
        chosen = MODES[(MODES.index(self.mode) + 1) % len(MODES)] if mode is None else mode.capitalize()
        if chosen not in MODES:
            raise ValueError(f"Unrecognized mode in FormattedTB: <{mode}>. Valid modes: {list(MODES)}")
        self._set(chosen)

    def _set(self, mode: str) -> None:
        self._mode = mode

    def plain(self) -> None:
        """Sets the mode `Plain`."""
        self.set_mode("Plain")

    def context(self) -> None:
        """Sets the mode `Context`."""
        self.set_mode("Context")

    def verbose(self) -> None:
        """Sets the mode `Verbose`."""
        self.set_mode("Verbose")

    def minimal(self) -> None:
        """Sets the mode `Minimal`."""
        self.set_mode("Minimal")

    def set_colors(self, color_scheme: str, **options: Any) -> None:
        """Sets the colours; `NoColor` means none."""
        self.color_scheme = color_scheme

    def structured_traceback(
        self, etype: Any = None, evalue: Any = None, etb: Any = None, tb_offset: int | None = None,
        number_of_lines_of_context: int = 5, **options: Any,
    ) -> list[str]:  # fmt: skip
        """Returns the parts of the text of an exception; without arguments, of the one that is handled."""
        if evalue is None:
            etype, evalue, etb = sys.exc_info()
        for _ in range((self.tb_offset if tb_offset is None else tb_offset) or 0):
            etb = etb.tb_next if etb is not None and etb.tb_next is not None else etb
        self.tb = etb
        formatter = running_kernel().tracebacks
        before, formatter.mode = formatter.mode, self.mode
        try:
            parts = formatter.format(evalue, etb).traceback
        finally:
            formatter.mode = before
        return parts if self.color_scheme.lower() != "nocolor" else [without_colors(part) for part in parts]

    def stb2text(self, stb: list[str]) -> str:
        """Returns the parts as one text."""
        return "\n".join(stb)

    def text(self, etype: Any, value: Any, tb: Any, tb_offset: int | None = None, context: int = 5) -> str:
        """Returns an exception as one text."""
        return self.stb2text(self.structured_traceback(etype, value, tb, tb_offset, context))

    def get_exception_only(self, etype: Any, value: Any) -> list[str]:
        """Returns the parts of the text of an exception without its frames."""
        parts = running_kernel().tracebacks.format(value).traceback[-1:]
        return parts if self.color_scheme.lower() != "nocolor" else [without_colors(part) for part in parts]

    def show_exception_only(self, etype: Any, evalue: Any) -> None:
        """Prints an exception without its frames."""
        print("\n".join(self.get_exception_only(etype, evalue)), file=self.ostream or sys.stderr)

    def handler(self, info: Any = None) -> None:
        """Prints an exception, given as the triple of `sys.exc_info()`."""
        print(self.text(*(info or sys.exc_info())), file=self.ostream or sys.stderr)

    def __call__(self, etype: Any = None, evalue: Any = None, etb: Any = None, out: Any = None, tb_offset: Any = None) -> None:
        if etype is None:
            etype, evalue, etb = sys.exc_info()
        print(self.text(etype, evalue, etb, tb_offset), file=out or self.ostream or sys.stderr)


class ShellTB(FormattedTB):
    """A `ShellTB` is the printer of the shell, whose mode is that of the tracebacks of cells."""

    @property
    def mode(self) -> str:
        """The detail of the tracebacks of cells."""
        return running_kernel().tracebacks.mode

    def _set(self, mode: str) -> None:
        running_shell().xmode = mode


def without_colors(text: str) -> str:
    """Returns text without its ANSI colours."""
    import re

    return re.sub(r"\x1b\[[0-9;]*m", "", text)
