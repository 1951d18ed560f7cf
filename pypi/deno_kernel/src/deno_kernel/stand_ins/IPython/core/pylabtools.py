"""The stand-in for `IPython.core.pylabtools`."""

from __future__ import annotations

from typing import Any

from deno_kernel.current import running_shell
from deno_kernel.figures.inline_config import set_close, set_formats

__all__ = [
    "activate_matplotlib", "configure_inline_support", "figsize", "find_gui_and_backend", "getfigs", "import_pylab",
    "print_figure", "retina_figure", "select_figure_formats", "select_figure_format", "set_matplotlib_close",
    "set_matplotlib_formats",
]  # fmt: skip

backends = {"inline": "module://matplotlib_inline.backend_inline", "agg": "agg"}


def figsize(sizex: float, sizey: float) -> None:
    """Sets the size of figures in inches."""
    import matplotlib

    matplotlib.rcParams["figure.figsize"] = [sizex, sizey]


def getfigs(*fig_nums: int) -> list[Any]:
    """Returns the open figures, or those with the given numbers."""
    from matplotlib._pylab_helpers import Gcf

    if not fig_nums:
        return [manager.canvas.figure for manager in Gcf.get_all_fig_managers()]
    found = [Gcf.figs.get(number) for number in fig_nums]
    for number, manager in zip(fig_nums, found, strict=True):
        if manager is None:
            print(f"Warning: figure {number} not available.")
    return [manager.canvas.figure for manager in found if manager is not None]


def find_gui_and_backend(gui: str | None = None, gui_select: str | None = None) -> tuple[str | None, str]:
    """Returns the names of the GUI, which is None, and of matplotlib's backend; raises ValueError for any other one."""
    if gui not in (None, "auto", *backends):
        raise ValueError(f"Cannot show figures with {gui!r}: there is no window system, only `inline`")
    return None, "agg" if gui == "agg" else "inline"


def activate_matplotlib(backend: str) -> None:
    """Makes a backend the one that shows figures."""
    running_shell().run_line_magic("matplotlib", "agg" if backend == "agg" else "inline")


def configure_inline_support(shell: Any, backend: str) -> None:
    """Makes figures appear in the output of cells, if that is the backend."""
    if "inline" in backend:
        activate_matplotlib("inline")


def import_pylab(user_ns: dict[str, Any], import_all: bool = True) -> None:
    """Puts the names of `%pylab` into a namespace."""
    exec("import numpy, matplotlib\nfrom matplotlib import pylab, pyplot\nnp, plt = numpy, pyplot", user_ns)
    if import_all:
        exec("from pylab import *\nfrom numpy import *", user_ns)


def retina_figure(fig: Any, base64: bool = False, **kwargs: Any) -> Any:
    """Returns a figure as a PNG image of double resolution, and its metadata."""
    from deno_kernel.figures.rendering import render

    return render(fig, "retina", **kwargs)


def set_matplotlib_formats(*formats: str, **kwargs: Any) -> None:
    """Sets the formats of figures: png, retina, jpeg, svg, pdf."""
    set_formats(formats, **kwargs)


def select_figure_formats(shell: Any, formats: Any, **kwargs: Any) -> None:
    """Sets the formats of figures."""
    set_formats([formats] if isinstance(formats, str) else list(formats), **kwargs)


def select_figure_format(shell: Any, fmt: str, **kwargs: Any) -> None:
    """Sets the format of figures."""
    select_figure_formats(shell, fmt, **kwargs)


def set_matplotlib_close(close: bool = True) -> None:
    """Sets whether a figure is closed after it was shown."""
    set_close(close)


def print_figure(fig: Any, fmt: str = "png", bbox_inches: Any = "tight", base64: bool = False, **kwargs: Any) -> Any:
    """Returns a figure as image data, as `render` does; with `base64`, bytes become text."""
    from deno_kernel.figures.rendering import render

    data = render(fig, fmt, bbox_inches=bbox_inches, **kwargs)
    if base64 and isinstance(data, bytes):
        from deno_kernel.host.json_text import base64_text

        return base64_text(data)
    return data
