"""The stand-in for `IPython.core.async_helpers`."""

from __future__ import annotations

import asyncio

__all__ = ["get_asyncio_loop"]


def get_asyncio_loop() -> asyncio.AbstractEventLoop:
    """Returns the event loop on which cells run."""
    return asyncio.get_event_loop()
