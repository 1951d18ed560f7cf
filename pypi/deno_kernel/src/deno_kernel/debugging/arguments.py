"""Checks the arguments of a debugger's requests, which come from outside."""

from __future__ import annotations

from typing import Any

_TEXT, _NUMBER, _OBJECT, _ARRAY = (str, "a text"), (int, "a whole number"), (dict, "an object"), (list, "an array")

_KINDS: dict[str, tuple[type, str]] = {
    "breakpoints": _ARRAY, "code": _TEXT, "condition": _TEXT, "context": _TEXT, "count": _NUMBER,
    "dstVariableName": _TEXT, "expression": _TEXT, "filters": _ARRAY, "frameId": _NUMBER, "hitCondition": _TEXT,
    "levels": _NUMBER, "line": _NUMBER, "logMessage": _TEXT, "moduleCount": _NUMBER, "name": _TEXT, "path": _TEXT,
    "source": _OBJECT, "srcFrameId": _NUMBER, "srcVariableName": _TEXT, "start": _NUMBER, "startFrame": _NUMBER,
    "startModule": _NUMBER, "value": _TEXT, "variableName": _TEXT, "variablesReference": _NUMBER,
}  # fmt: skip


class _Arguments(dict[str, Any]):
    def __init__(self, place: str) -> None:
        super().__init__()
        self._place = place

    def __missing__(self, name: str) -> None:
        raise LookupError(f"{self._place}.{name}: is missing")


def checked(arguments: Any, place: str = "arguments") -> dict[str, Any]:
    """Returns arguments without those that are null; raises TypeError for one that has a wrong type.

    To read one that is missing raises LookupError.
    """
    if not isinstance(arguments, dict):
        raise TypeError(f"{place}: use an object")
    found = _Arguments(place)
    for name, value in arguments.items():
        kind, words = _KINDS.get(name, (object, ""))
        if value is None:
            continue
        if not isinstance(value, kind):
            raise TypeError(f"{place}.{name}: use {words}")
        if name == "source":
            value = checked(value, f"{place}.{name}")
        elif name == "breakpoints":
            value = [checked(item, f"{place}.{name}[{index}]") for index, item in enumerate(value)]
        found[name] = value
    return found
