"""Converts any value to JSON text that JavaScript's `JSON.parse` accepts."""

from __future__ import annotations

import math
from collections.abc import Mapping
from json import JSONEncoder, dumps
from json.encoder import c_make_encoder, encode_basestring_ascii
from typing import Any


def _text_of(value: object) -> str:
    try:
        return str(value)
    except Exception:
        return object.__repr__(value)


def jsonable(value: Any, _parents: tuple[int, ...] = ()) -> Any:
    """Returns a copy made of JSON values: NaN and infinities become null, bytes base64, other objects their str()."""
    if value is None or value is True or value is False:
        return value
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        try:
            int.__repr__(value)
            return int(value)
        except ValueError:  # The number is longer than the interpreter's limit for decimal digits.
            return hex(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, (bytes, bytearray, memoryview)):
        return base64_text(value)
    if isinstance(value, (Mapping, list, tuple, set, frozenset)):
        if id(value) in _parents or len(_parents) > _MAX_DEPTH:
            return "..."
        parents = (*_parents, id(value))
        if isinstance(value, Mapping):
            return {_key(key): jsonable(item, parents) for key, item in value.items()}
        return [jsonable(item, parents) for item in value]
    return _plain_number(value)


def _plain_number(value: Any) -> Any:
    # numpy's scalars are no Python numbers, but convert themselves to one.
    item = getattr(type(value), "item", None)
    if item is not None and type(value).__module__ == "numpy":
        try:
            return jsonable(item(value))
        except Exception:
            pass
    return _text_of(value)


def _key(key: Any) -> str:
    if isinstance(key, str):
        return str.__str__(key)
    if key is None or isinstance(key, bool):
        return {None: "null", True: "true", False: "false"}[key]
    return _text_of(key)


def base64_text(data: bytes | bytearray | memoryview) -> str:
    """Returns bytes as base64 text, on one line."""
    from binascii import b2a_base64

    return b2a_base64(data, newline=False).decode("ascii")


def _unsuitable(value: object) -> Any:
    return jsonable(value)


def _make_encoder() -> Any:
    if c_make_encoder is None:
        return JSONEncoder(allow_nan=False, default=_unsuitable, separators=(",", ":")).iterencode
    # The C encoder is made once, because dumps makes a new one on every call that has options.
    return c_make_encoder({}, _unsuitable, encode_basestring_ascii, None, ":", ",", False, False, False)


_encode = _make_encoder()
_MAX_DEPTH = 200
_MAX_WIDTH = 100_000


def _is_deep(value: Any) -> bool:
    """Returns true if containers are nested too deeply, or are too many, for the C encoder.

    The C encoder recurses on the machine's stack. In WebAssembly the interpreter does not see the end of that stack:
    a deep value would end the kernel instead of raising RecursionError.
    """
    level = [value]
    for _ in range(_MAX_DEPTH):
        level = [
            item
            for container in level
            for item in (container.values() if isinstance(container, dict) else container)
            if isinstance(item, (dict, list, tuple))
        ]
        if not level:
            return False
        if len(level) > _MAX_WIDTH:
            return True
    return True


def to_json(value: Any) -> str:
    """Returns the JSON text of a value, whatever its type."""
    global _encode
    if isinstance(value, (dict, list, tuple)) and _is_deep(value):
        return dumps(jsonable(value), separators=(",", ":"))
    try:
        return "".join(_encode(value, 0))
    except (ValueError, TypeError, RecursionError):
        _encode = _make_encoder()  # The failed encoder still holds the containers that it was inside of.
        return dumps(jsonable(value), separators=(",", ":"))


quote = encode_basestring_ascii
"""Returns the JSON text of a str; the C function is called directly, because it is called for every event."""
