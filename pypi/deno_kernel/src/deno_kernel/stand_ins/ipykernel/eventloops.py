"""The stand-in for `ipykernel.eventloops`."""

from __future__ import annotations

from typing import Any

from deno_kernel.current import running_shell

__all__ = ["enable_gui"]


def enable_gui(gui: str | None, kernel: Any = None) -> None:
    """Raises NotImplementedError for a window system, because there is none."""
    running_shell().enable_gui(gui)
