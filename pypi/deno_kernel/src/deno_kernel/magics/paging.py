"""%less, %page, %pfile and others: magics that show text in the pager of the front end."""

from __future__ import annotations

import os
from ..ipython.magic import Magics, UsageError, line_magic, magics_class, parse_options

_REFERENCE = """\
obj?, obj??            help on an object, and its source
?pattern*              names that match a pattern
%magic arguments       a line magic; %lsmagic lists all
%%magic arguments      a cell magic, on the first line of a cell
a = %magic             the value of a magic
!pip install name      the same as %pip; there are no other programs
_, __, ___, _n, Out[n] values of earlier cells
_i, _ii, _in, In[n]    earlier cells
%history, %recall n    earlier cells, shown and taken up again
%run file              runs a file
%who, %whos, %reset    the variables, and their removal
%timeit, %prun         the time that code takes
%debug                 looks into the last error
"""


@magics_class
class PagingMagics(Magics):
    """A `PagingMagics` has the magics that show text in the pager."""

    def _page(self, text: str) -> None:
        self.shell.write_payload({"source": "page", "data": {"text/plain": text}, "start": 0})

    @line_magic
    def less(self, line: str = "") -> None:
        """Shows a file in the pager of the front end."""
        name = line.strip().strip("'\"")
        if not name:
            raise UsageError("The name of a file is needed")
        try:
            with open(os.path.expanduser(name), encoding="utf-8", errors="replace") as file:
                self._page(file.read())
        except OSError as error:
            raise UsageError(f"Cannot read {name!r}: {error.strerror}") from None

    @line_magic
    def more(self, line: str = "") -> None:
        """Does the same as %less."""
        self.less(line)

    @line_magic
    def page(self, line: str = "") -> None:
        """Shows the pretty form of an object in the pager; with -r, the text of its `str`."""
        from ..display.pretty import pretty

        options, name = parse_options(line, "r")
        name = name or "_"
        try:
            value = self.shell.ev(name)
        except Exception:
            print(f"Object `{name}` not found")
            return
        self._page(str(value) if "r" in options else pretty(value))

    @line_magic
    def pfile(self, line: str = "") -> None:
        """Shows the file in which an object is defined."""
        import inspect

        name = line.strip()
        if os.path.isfile(name):
            self.less(name)
            return
        try:
            module = inspect.getmodule(self.shell.ev(name))
            if module is None:
                module = inspect.getmodule(type(self.shell.ev(name)))
            text = inspect.getsource(module)  # type: ignore[arg-type]
        except Exception:
            raise UsageError(f"No file was found for {name!r}") from None
        self._page(text)

    @line_magic
    def quickref(self, line: str = "") -> None:
        """Shows a summary of what cells understand beyond Python."""
        self._page(_REFERENCE)

    @line_magic
    def clear(self, line: str = "") -> None:
        """Clears the output of the cell."""
        from ..display.functions import clear_output

        clear_output()
