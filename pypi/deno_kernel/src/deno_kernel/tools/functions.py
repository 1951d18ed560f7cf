"""The Python functions of tools, with parameters that are made from JSON schemas."""

from __future__ import annotations

import inspect
import keyword
from collections.abc import Iterable
from typing import Any

from .calls import ToolCall, ToolCalls, ToolError

_TYPES: dict[Any, Any] = {
    "string": str, "integer": int, "number": float, "boolean": bool, "array": list, "object": dict, "null": None,
}  # fmt: skip


class ToolFunction:
    """A `ToolFunction` calls one tool: `await tools.name(...)`, or `tools.name.sync(...)`."""

    def __init__(self, calls: ToolCalls, description: dict[str, Any]) -> None:
        self._calls = calls
        self.__name__ = self.__qualname__ = str(description["name"])
        self.__doc__ = str(description.get("description") or "")
        self.__signature__ = _signature(description.get("inputSchema") or {})

    def __call__(self, *args: Any, **kwargs: Any) -> ToolCall:
        """Sends a call, which can be awaited; raises TypeError for arguments that do not fit the parameters."""
        return self._calls.call(self.__name__, self._arguments(args, kwargs))

    def sync(self, *args: Any, **kwargs: Any) -> Any:
        """Calls the tool, waits, and returns the answer."""
        return self(*args, **kwargs).result()

    def _arguments(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
        try:
            bound = self.__signature__.bind(*args, **kwargs).arguments
        except TypeError as error:
            raise TypeError(f"tools.{self.__name__}{self.__signature__}: {error}") from None
        others = bound.pop("_others", {})
        return {**bound, **others}

    def __repr__(self) -> str:
        return f"<tool {self.__name__}{self.__signature__}>"


class Tools:
    """A `Tools` has the functions of the program that embeds this kernel; no others can be called."""

    ToolError = ToolError

    def __init__(self, calls: ToolCalls, descriptions: Iterable[dict[str, Any]]) -> None:
        for description in descriptions:
            setattr(self, str(description["name"]), ToolFunction(calls, description))

    def __getattr__(self, name: str) -> Any:
        known = ", ".join(vars(self))
        raise AttributeError(f"there is no tool {name!r}; there are {known}", name=name, obj=self)

    def __repr__(self) -> str:
        return "\n".join(repr(function) for function in vars(self).values())


def _signature(schema: dict[str, Any]) -> inspect.Signature:
    """Returns the parameters of a JSON schema of an object: the required ones first, each in the schema's order."""
    properties = schema.get("properties")
    properties = properties if isinstance(properties, dict) else {}
    required = schema.get("required")
    required = set(required) if isinstance(required, list) else set()
    names = sorted((name for name in properties if _is_parameter(name)), key=lambda name: name not in required)
    parameters = [
        inspect.Parameter(
            name,
            inspect.Parameter.POSITIONAL_OR_KEYWORD,
            default=inspect.Parameter.empty if name in required else _default(properties[name]),
            annotation=_annotation(properties[name]),
        )
        for name in names
    ]
    # Without a closed schema, and for names that are none in Python, anything may be passed by name.
    if len(names) < len(properties) or schema.get("additionalProperties") is not False and not properties:
        parameters.append(inspect.Parameter("_others", inspect.Parameter.VAR_KEYWORD))
    return inspect.Signature(parameters)


def _is_parameter(name: str) -> bool:
    return name.isidentifier() and not keyword.iskeyword(name) and name != "_others"


def _default(schema: Any) -> Any:
    return schema.get("default") if isinstance(schema, dict) else None


def _annotation(schema: Any) -> Any:
    kind = schema.get("type") if isinstance(schema, dict) else None
    if isinstance(kind, str) and kind in _TYPES:
        return _TYPES[kind]
    return inspect.Parameter.empty
