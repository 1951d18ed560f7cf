"""The stand-in for `IPython.lib.clipboard`."""

from __future__ import annotations

from typing import NoReturn

from IPython.core.error import TryNext

__all__ = [
    "ClipboardEmpty", "osx_clipboard_get", "tkinter_clipboard_get", "wayland_clipboard_get", "win32_clipboard_get",
]  # fmt: skip


class ClipboardEmpty(ValueError):
    """A `ClipboardEmpty` says that the clipboard has no text."""


def tkinter_clipboard_get() -> NoReturn:
    """Raises TryNext, because there is no clipboard."""
    raise TryNext("There is no clipboard in this kernel")


osx_clipboard_get = wayland_clipboard_get = win32_clipboard_get = tkinter_clipboard_get
