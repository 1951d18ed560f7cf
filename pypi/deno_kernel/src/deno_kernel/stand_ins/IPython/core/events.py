"""The stand-in for `IPython.core.events`."""

from __future__ import annotations

from typing import Any

from deno_kernel.execution.callbacks import NAMES, EventManager

__all__ = [
    "EventManager", "available_events", "post_execute", "post_run_cell", "pre_execute", "pre_run_cell",
    "shell_initialized",
]  # fmt: skip


available_events: dict[str, Any] = dict.fromkeys(NAMES)


def _define_event(function: Any) -> Any:
    """Makes a function an event: its name can be registered for, and its parameters are those of the callbacks."""
    available_events[function.__name__] = function
    return function


def pre_execute() -> None:
    """Is called before a cell, and before code that a client runs silently."""


def pre_run_cell(info: Any) -> None:
    """Is called before a cell."""


def post_execute() -> None:
    """Is called after a cell, and after code that a client runs silently."""


def post_run_cell(result: Any) -> None:
    """Is called after a cell."""


def shell_initialized(ip: Any) -> None:
    """Is called when the shell is complete, which is before any user code."""
