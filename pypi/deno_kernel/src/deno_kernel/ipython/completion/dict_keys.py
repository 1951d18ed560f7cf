"""Matches keys of dicts, also of tuples and numbers, with what is typed of them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from typing import Any

_OPEN_STRING = re.compile(r"([bB]?[rRuU]?|[rR][bB])(['\"])((?:\\.|(?!\2).)*)\\?\Z", re.DOTALL)
_NUMBER = re.compile(
    r"(?:.*,)?\s*([+-]?(?:0[bB][01_]*|0[xX][\da-fA-F_]*|0[oO][0-7_]*|\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*))\Z", re.DOTALL
)
_TYPED = (str, bytes, int, float)
_FORMATS = {"0b": bin, "0x": hex, "0o": oct}

ENDS_ITEM, ENDS_TUPLE, IN_TUPLE = 1, 2, 4
"""The places of a match: a whole key, the last of a tuple, or one before the last."""


def number_in(prefix: str) -> str | None:
    """Returns the number that is being typed at the end of a text; None if there is none."""
    match = _NUMBER.fullmatch(prefix)
    return match[1] if match else None


def match_dict_keys(
    keys: Iterable[Any], prefix: str, delims: str, extra_prefix: tuple[Any, ...] | None = None
) -> tuple[str, int, dict[str, int]]:
    """Returns the quote of a typed prefix, where in it the word begins that a match replaces, and the matches with their places.

    `extra_prefix` has the keys before, of which the key is a tuple.
    """
    places = _candidates(keys, extra_prefix or ())
    if not prefix:
        return "", 0, {repr(key): place for key, place in places.items()}
    number = number_in(prefix)
    if number is not None and "," not in prefix:
        return "", 0, _numbers(places, number)
    string = _OPEN_STRING.fullmatch(prefix)
    if string is None:
        return "", 0, {}
    letters, quote, typed = string.groups()
    kind = bytes if "b" in letters.lower() else str
    try:
        beginning = ast.literal_eval(f"{letters}{quote}{typed}{quote}")
    except (ValueError, SyntaxError):
        return "", 0, {}
    word = re.split("[" + "".join("\\" + one for one in delims) + "]", typed)[-1]
    found = {
        word + _escaped(key[len(beginning) :], quote): place
        for key, place in places.items()
        if isinstance(key, kind) and key.startswith(beginning)  # type: ignore[arg-type]
    }
    return quote, len(prefix) - len(word), found


def _candidates(keys: Iterable[Any], before: tuple[Any, ...]) -> dict[Any, int]:
    found: dict[Any, int] = {}
    count = len(before)
    for key in keys:
        place = ENDS_ITEM
        if isinstance(key, tuple):
            if len(key) <= count or key[:count] != before or not all(isinstance(part, _TYPED) for part in key):
                continue
            place = ENDS_TUPLE if len(key) == count + 1 else IN_TUPLE
            key = key[count]
        elif before:
            continue
        if isinstance(key, _TYPED):
            found[key] = found.get(key, 0) | place
    return found


def _numbers(places: dict[Any, int], number: str) -> dict[str, int]:
    shown = _FORMATS.get(number[:2].lower(), str)
    found = {}
    for key, place in places.items():
        if isinstance(key, int) and not isinstance(key, bool) or (isinstance(key, float) and shown is str):
            text = shown(key)  # type: ignore[arg-type]
            if text.startswith(number.lower() if shown is not str else number):
                found[text] = place
    return found


def _escaped(rest: str | bytes, quote: str) -> str:
    text = repr(rest)[2:-1] if isinstance(rest, bytes) else repr(rest)[1:-1]
    text = text.replace("\\'", "'")
    return text.replace(quote, f"\\{quote}")
