"""The stand-in for `IPython.utils.capture` and `IPython.utils.io`."""

from __future__ import annotations

from deno_kernel.display.capture import CapturedIO, RichOutput, capture_output

__all__ = ["CapturedIO", "RichOutput", "capture_output"]
