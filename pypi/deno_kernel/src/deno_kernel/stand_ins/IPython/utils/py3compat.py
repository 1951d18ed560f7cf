"""The stand-in for `IPython.utils.py3compat`."""

from __future__ import annotations

import builtins
import sys
from typing import Any

__all__ = ["DEFAULT_ENCODING", "PYPY", "cast_unicode", "decode", "encode", "execfile", "input", "safe_unicode"]


DEFAULT_ENCODING = sys.getdefaultencoding()
input = builtins.input


def decode(s: bytes, encoding: str | None = None) -> str:
    """Returns bytes as text; what cannot be decoded is replaced."""
    return s.decode(encoding or DEFAULT_ENCODING, "replace")


def encode(u: str, encoding: str | None = None) -> bytes:
    """Returns text as bytes; what cannot be encoded is replaced."""
    return u.encode(encoding or DEFAULT_ENCODING, "replace")


def cast_unicode(s: Any, encoding: str | None = None) -> Any:
    """Returns bytes as text, and other objects unchanged."""
    return decode(s, encoding) if isinstance(s, bytes) else s


def safe_unicode(e: Any) -> str:
    """Returns an object as text, also if its `str` fails."""
    for function in (str, repr):
        try:
            return function(e)
        except Exception:
            continue
    return "Unrecoverably corrupt evalue"


def execfile(fname: str, glob: dict[str, Any], loc: dict[str, Any] | None = None, compiler: Any = None) -> None:
    """Runs a file in the given namespaces."""
    with open(fname, "rb") as file:
        exec((compiler or compile)(file.read(), fname, "exec"), glob, glob if loc is None else loc)


PYPY = False
