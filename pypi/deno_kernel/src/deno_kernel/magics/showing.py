"""%%html, %matplotlib, %precision and others: magics about the display of cells and values."""

from __future__ import annotations

from ..display.functions import display
from ..ipython.magic import Magics, UsageError, cell_magic, line_magic, magics_class, parse_options

_WINDOWS = ("gtk", "gtk3", "gtk4", "macosx", "osx", "qt", "qt4", "qt5", "qt6", "tk", "wx", "webagg")
"""The choices of `%matplotlib` that open windows or a page."""
_PYLAB = "import numpy, matplotlib\nfrom matplotlib import pylab, pyplot\nnp, plt = numpy, pyplot"


@magics_class
class ShowingMagics(Magics):
    """A `ShowingMagics` has the magics about display."""

    @cell_magic
    def html(self, line: str, cell: str) -> None:
        """Shows the cell as HTML: `%%html [--isolated]`; isolated, its styles do not reach the rest of the page."""
        from ..display.objects import HTML

        options, rest = parse_options(line, "", "isolated")
        if rest:
            raise UsageError(f"%%html understands only --isolated, not {rest!r}")
        display(HTML(cell), metadata={"text/html": {"isolated": True}} if "isolated" in options else None)

    @cell_magic("HTML")
    def html_too(self, line: str, cell: str) -> None:
        """Does the same as %%html."""
        self.html(line, cell)

    @cell_magic("SVG")
    def svg_too(self, line: str, cell: str) -> None:
        """Does the same as %%svg."""
        self.svg(line, cell)

    @cell_magic
    def markdown(self, line: str, cell: str) -> None:
        """Shows the cell as Markdown."""
        from ..display.objects import Markdown

        display(Markdown(cell))

    @cell_magic
    def latex(self, line: str, cell: str) -> None:
        """Shows the cell as LaTeX."""
        from ..display.objects import Latex

        display(Latex(cell))

    @cell_magic
    def svg(self, line: str, cell: str) -> None:
        """Shows the cell as SVG."""
        from ..display.objects import SVG

        display(SVG(cell))

    @cell_magic
    def javascript(self, line: str, cell: str) -> None:
        """Makes the front end run the cell as JavaScript."""
        from ..display.objects import Javascript

        display(Javascript(cell))

    @cell_magic
    def js(self, line: str, cell: str) -> None:
        """Does the same as %%javascript."""
        self.javascript(line, cell)

    @line_magic
    def matplotlib(self, line: str = "") -> None:
        """Makes figures appear in the output of cells: `%matplotlib inline`; `-l` lists the choices."""
        choice = line.strip() or "inline"
        if choice in ("-l", "--list"):
            print("Available matplotlib backends: ['inline', 'agg']")
            return
        if choice in _WINDOWS:
            raise UsageError(f"Cannot show figures with {choice!r}: there is no window system, only `inline`")
        if choice not in ("inline", "auto", "agg", "notebook", "widget", "ipympl"):
            raise RuntimeError(f"{choice!r} is not a recognised GUI loop or backend name")
        if choice in ("notebook", "widget", "ipympl"):
            raise UsageError(f"Cannot show figures with {choice!r}: there are no interactive figures, only `inline`")
        import matplotlib

        from ..figures.inline_config import BACKEND

        if choice == "agg":
            matplotlib.use("agg")
            return
        from ..figures import matplotlib_backend

        try:
            matplotlib.use("inline")
        except ValueError:
            matplotlib.use(BACKEND)  # Older versions of matplotlib know it by its module alone.
        matplotlib_backend.activate()

    @line_magic
    def pylab(self, line: str = "") -> None:
        """Makes figures appear in the output of cells, and imports numpy and matplotlib's functions by their names."""
        words = [word for word in line.split() if word != "--no-import-all"]
        self.matplotlib(words[0] if words else "inline")
        self.shell.ex(_PYLAB if "--no-import-all" in line else f"{_PYLAB}\nfrom pylab import *\nfrom numpy import *")

    @line_magic
    def precision(self, line: str = "") -> str:
        """Sets the number of digits of floats, or a %-format; without an argument, floats are shown by their repr."""
        plain = self.shell.display_formatter.plain
        try:
            plain.float_precision = line.strip()
        except (ValueError, TypeError) as error:
            raise UsageError(f"%precision: {error}") from None
        return plain.float_precision or "%r"

    @line_magic
    def pprint(self, line: str = "") -> None:
        """Turns pretty printing off, or on again."""
        formatter = self.shell.display_formatter
        formatter.plain.pprint = not formatter.plain.pprint
        formatter.customised = True
        print(f"Pretty printing has been turned {'ON' if formatter.plain.pprint else 'OFF'}")
