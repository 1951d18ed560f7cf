"""The matplotlib backend of the kernel, which shows figures after a cell has run and closes them.

matplotlib loads it by the name of the module that stands for it, `matplotlib_inline.backend_inline`.
"""

from __future__ import annotations

from typing import Any

import matplotlib
from matplotlib import _pylab_helpers
from matplotlib.backend_bases import FigureManagerBase
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from ..current import running_shell
from ..display.functions import display
from .inline_config import INLINE, register


class FigureManager(FigureManagerBase):
    """A `FigureManager` is a figure of pyplot; if `automatic`, it is shown at the end of its cell."""

    def __init__(self, canvas: Any, num: Any) -> None:
        super().__init__(canvas, num)
        self.automatic = matplotlib.is_interactive()

    def show(self) -> None:
        """Displays the figure now."""
        display(self.canvas.figure)


class FigureCanvas(FigureCanvasAgg):
    """A `FigureCanvas` draws only when an image is asked for."""

    manager_class = FigureManager


def new_figure_manager(num: Any, *args: Any, FigureClass: type = Figure, **options: Any) -> FigureManager:
    """Returns a manager with a new figure."""
    return new_figure_manager_given_figure(num, FigureClass(*args, **options))


def new_figure_manager_given_figure(num: Any, figure: Any) -> FigureManager:
    """Returns a manager for a figure."""
    return FigureManager(FigureCanvas(figure), num)


def show(*args: Any, close: bool | None = None, block: bool | None = None) -> None:
    """Displays all open figures, and closes them unless `close` or the configuration says otherwise."""
    _show(_pylab_helpers.Gcf.get_all_fig_managers(), INLINE.close_figures if close is None else close)


def flush_figures() -> None:
    """Displays the figures that were made in interactive mode."""
    managers = [
        manager for manager in _pylab_helpers.Gcf.get_all_fig_managers() if getattr(manager, "automatic", False)
    ]
    if managers:
        _show(managers, INLINE.close_figures)


def _show(managers: list[Any], close: bool) -> None:
    try:
        for manager in managers:
            display(manager.canvas.figure)
    finally:
        for manager in managers:
            manager.automatic = False
            if close:
                _pylab_helpers.Gcf.destroy(manager)


def activate() -> None:
    """Turns interactive mode on, and registers `flush_figures` for the end of cells and captures."""
    matplotlib.interactive(True)
    shell = running_shell()
    if shell is None:
        return
    register(shell.display_formatter)
    shell.events.register("post_execute", flush_figures)
    before_capture_ends = shell.display_pub.before_capture_ends
    if flush_figures not in before_capture_ends:
        before_capture_ends.append(flush_figures)


activate()
