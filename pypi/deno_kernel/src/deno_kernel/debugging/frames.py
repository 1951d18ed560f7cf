"""Tells the user's frames from those of this package, of Pyodide and of the standard library."""

from __future__ import annotations

import os
from types import CodeType, FrameType

from ..execution.traceback_frames import is_hidden

_LIBRARY = os.path.dirname(os.path.abspath(os.__file__)) + os.sep
_PACKAGES = (os.sep + "site-packages" + os.sep, os.sep + "dist-packages" + os.sep)


def is_library(filename: str) -> bool:
    """Returns true for a file of the standard library."""
    frozen = filename.startswith("<frozen ")
    return frozen or (filename.startswith(_LIBRARY) and not any(part in filename for part in _PACKAGES))


def _is_generated(code: CodeType) -> bool:
    """Returns true for a function without a file, such as a named tuple's `__new__`; cells have names of files."""
    filename = code.co_filename
    return filename.startswith("<") and not filename.startswith("<cell ") and code.co_name != "<module>"


def is_visible(frame: FrameType | None) -> bool:
    """Returns true if a debugger may stop in a frame and show it.

    A frame of the standard library, or of a function without a file, is visible if the user's code has called it, and
    not if this package or the event loop has.
    """
    while frame is not None:
        code = frame.f_code
        if is_hidden(code.co_filename):
            return False
        if not is_library(code.co_filename) and not _is_generated(code):
            return True
        frame = frame.f_back
    return False
