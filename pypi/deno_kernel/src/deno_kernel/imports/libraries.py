"""Changes to libraries that look for threads, a display or Jupyter's own packages, which a notebook elsewhere has."""

from __future__ import annotations

import functools
import io
import types
import warnings
from collections.abc import Callable
from typing import Any


def _no_display(module: Any) -> None:
    """Has matplotlib refuse backends with windows as on a machine without a display, and not look for their toolkits."""
    module.display_is_valid = lambda: False


def _silent_show(module: Any) -> None:
    """Has `show()` of a backend without windows do nothing, as on Linux without a display, instead of warning."""
    module.FigureManagerBase.show = lambda self: None


def _inline_backend(module: Any) -> None:
    """Makes the backend known by its short name, which the metadata of matplotlib-inline declares."""
    registry = module.backend_registry
    read = registry._read_entry_points
    registry._read_entry_points = lambda: [*read(), ("inline", "matplotlib_inline.backend_inline")]


def _without_monitor(module: Any) -> None:
    """Has progress bars not start the thread that watches for slow ones."""
    module.tqdm.monitor_interval = 0


def _without_refreshing(module: Any) -> None:
    """Has live displays draw when they change, and not from a thread."""
    init = module.Live.__init__

    @functools.wraps(init)
    def without_thread(self: Any, *args: Any, **options: Any) -> None:
        init(self, *args, **options)
        self.auto_refresh = False

    module.Live.__init__ = without_thread


def _with_mime_types(module: Any) -> None:
    """Has plotly show figures by their MIME type, for which it asks whether a Jupyter's nbformat is new enough."""
    if module.nbformat is None:
        module.nbformat = types.SimpleNamespace(__version__="5.10.4")


def _without_deprecation(module: Any) -> None:
    """Hides a warning about a function of Pyodide that people cannot do anything about."""
    warnings.filterwarnings("ignore", r"JsProxy\.as_object_map\(\) is deprecated", RuntimeWarning, "threadpoolctl")


def _with_sockets(module: Any) -> None:
    """Lets urllib3, and so requests, use sockets; it takes Pyodide for a page, whose `fetch` verifies and redirects itself."""
    module.inject_into_urllib3 = lambda: None


def _with_urls(module: Any) -> None:
    """Gives `pyodide.http` an `open_url` that needs no `XMLHttpRequest`, which only a page has."""

    def open_url(url: str) -> io.StringIO:
        """Fetches a URL, and returns its text as a file."""
        from urllib.request import urlopen

        with urlopen(url) as response:
            return io.StringIO(response.read().decode(response.headers.get_content_charset("utf-8")))

    module.open_url = open_url


LIBRARIES: dict[str, Callable[[types.ModuleType], None]] = {
    "matplotlib._c_internal_utils": _no_display,
    "matplotlib.backend_bases": _silent_show,
    "matplotlib.backends.registry": _inline_backend,
    "plotly.io._renderers": _with_mime_types,
    "pyodide.http": _with_urls,
    "rich.live": _without_refreshing,
    "threadpoolctl": _without_deprecation,
    "tqdm.std": _without_monitor,
    "urllib3.contrib.emscripten": _with_sockets,
}
"""The functions that change a library's module after its import, by the name of the module."""
