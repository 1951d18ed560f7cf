"""The stand-in for `IPython.core.displaypub`."""

from __future__ import annotations

from deno_kernel.display.functions import publish_display_data
from deno_kernel.display.publisher import DisplayPublisher


__all__ = ["DisplayPublisher", "publish_display_data"]
