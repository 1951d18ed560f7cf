"""Speeds up imports from the standard library's archive, whose modules Python would compile twice."""

from __future__ import annotations

import zipimport
from types import CodeType
from typing import Any

_zipimport: Any = zipimport


def compile_once() -> None:
    """Makes zipimport keep the code that it compiles to find a module's file, and use it when it runs the module."""
    original = _zipimport._compile_source
    if getattr(original, "__deno_kernel__", False):
        return
    last: tuple[str, bytes, CodeType] | None = None

    def compile_source(path: str, source: bytes) -> CodeType:
        nonlocal last
        if last is not None and last[:2] == (path, source):
            code, last = last[2], None
            return code
        code = original(path, source)
        last = (path, source, code)
        return code

    compile_source.__deno_kernel__ = True  # type: ignore[attr-defined]
    _zipimport._compile_source = compile_source
