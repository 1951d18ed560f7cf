"""The settings of the inline backend, which can be changed before matplotlib is imported."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..current import running_shell

FORMATS = {
    "png": "image/png", "retina": "image/png", "png2x": "image/png", "jpeg": "image/jpeg", "jpg": "image/jpeg",
    "svg": "image/svg+xml", "pdf": "application/pdf",
}  # fmt: skip
BACKEND = "module://matplotlib_inline.backend_inline"
"""The name of the backend that shows figures in the output of cells, as in any notebook."""
_FIGURE = ("matplotlib.figure", "Figure")


class InlineConfig:
    """An `InlineConfig` has the settings of `%config InlineBackend`."""

    names = ("close_figures", "figure_formats", "print_figure_kwargs", "rc")

    def __init__(self) -> None:
        self.figure_formats: set[str] = {"png"}
        self.print_figure_kwargs: dict[str, Any] = {"bbox_inches": "tight"}
        self.close_figures = True
        self.rc: dict[str, Any] = {}

    def get(self, name: str) -> Any:
        """Returns a setting; raises LookupError if it is unknown."""
        return getattr(self, self._known(name))

    def set(self, name: str, value: Any) -> None:
        """Changes a setting; raises LookupError if it is unknown."""
        known = self._known(name)
        if known == "figure_formats":
            set_formats([value] if isinstance(value, str) else value)
        elif known == "close_figures":
            self.close_figures = bool(value)
        else:
            setattr(self, known, dict(value))
            if known == "rc":
                import matplotlib

                matplotlib.rcParams.update(self.rc)

    def _known(self, name: str) -> str:
        name = "figure_formats" if name == "figure_format" else name
        if name not in self.names:
            raise LookupError(f"InlineBackend has no {name!r}; there are {', '.join(self.names)}")
        return name


INLINE = InlineConfig()


def set_formats(formats: Iterable[str], **print_options: Any) -> None:
    """Sets the formats of figures and further options of savefig; raises ValueError for an unknown format."""
    chosen = {str(name).lower() for name in formats}
    unknown = chosen - set(FORMATS)
    if unknown or not chosen:
        raise ValueError(f"supported formats are: {', '.join(sorted(FORMATS))}, not {sorted(unknown)}")
    INLINE.figure_formats = chosen
    INLINE.print_figure_kwargs.update(print_options)
    shell = running_shell()
    if shell is not None:
        register(shell.display_formatter)


def set_close(close: bool) -> None:
    """Sets whether a figure is closed after it was shown."""
    INLINE.close_figures = bool(close)


def register(display_formatter: Any) -> None:
    """Registers the printers of figures for the chosen formats; matplotlib need not be imported."""
    for mime in FORMATS.values():
        formatter = display_formatter.formatters[mime]
        formatter.pop(".".join(_FIGURE), None)
    for name in INLINE.figure_formats:
        # for_type_by_name would set `customised`, which makes the builtin types slower and is not needed for figures.
        formatter = display_formatter.formatters[FORMATS[name]]
        formatter.deferred_printers[_FIGURE] = _printer(name)


def _printer(name: str) -> Any:
    def show(figure: Any) -> Any:
        from .rendering import render

        return render(figure, name, **INLINE.print_figure_kwargs)

    return show
