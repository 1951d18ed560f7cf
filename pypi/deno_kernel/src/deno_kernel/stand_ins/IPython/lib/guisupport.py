"""The stand-in for `IPython.lib.guisupport`."""

from __future__ import annotations

from typing import NoReturn

__all__ = [
    "get_app_qt4", "get_app_wx", "is_event_loop_running_qt4", "is_event_loop_running_wx", "start_event_loop_qt4",
    "start_event_loop_wx",
]  # fmt: skip


def start_event_loop_qt4(app: object = None) -> NoReturn:
    """Raises NotImplementedError, because there is no window system."""
    raise NotImplementedError("Cannot start the event loop of a window system: this kernel has none")


start_event_loop_wx = get_app_qt4 = get_app_wx = start_event_loop_qt4


def is_event_loop_running_qt4(app: object = None) -> bool:
    """Returns false, because there is no window system."""
    return False


is_event_loop_running_wx = is_event_loop_running_qt4
