"""Sends the output of processes that run in this interpreter to where their callers want it."""

from __future__ import annotations

import io
import os
from typing import Any

PIPE, STDOUT, DEVNULL = -1, -2, -3
"""The constants of `subprocess` with these names; the module itself is large, and imported by those who use it."""


def send(text: str, target: Any, default: Any, is_text: bool) -> Any:
    """Sends output to where the caller wants it; returns a stream of it for a pipe."""
    if target is None:
        if text:
            default.write(text)
            default.flush()
    elif target == PIPE:
        return io.StringIO(text) if is_text else io.BytesIO(text.encode())
    elif isinstance(target, int):
        if target != DEVNULL:
            os.write(target, text.encode())
    else:
        target.flush()
        os.write(target.fileno(), text.encode())
    return None
