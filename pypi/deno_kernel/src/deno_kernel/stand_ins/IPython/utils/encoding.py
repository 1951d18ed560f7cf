"""The stand-in for `IPython.utils.encoding`."""

from __future__ import annotations

import locale
import sys
from typing import Any

__all__ = ["DEFAULT_ENCODING", "get_stream_enc", "getdefaultencoding"]


DEFAULT_ENCODING = sys.getdefaultencoding()


def get_stream_enc(stream: Any, default: str | None = None) -> str | None:
    """Returns the encoding of a stream, or a default."""
    return getattr(stream, "encoding", None) or default


def getdefaultencoding(prefer_stream: Any = True) -> str:
    """Returns the encoding of text."""
    found = get_stream_enc(sys.stdin if prefer_stream is True else prefer_stream) if prefer_stream else None
    return found or locale.getpreferredencoding() or DEFAULT_ENCODING
