"""The names that completion knows at the cursor, and the settings that it obeys."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable, Mapping
from typing import Any

from .assignments import assigned_in
from .completion_imports import imported_in
from .completion_reply import directory
from .evaluation import Instance, evaluate


class Scope:
    """A `Scope` evaluates expressions at the cursor by the user's names and by those that the code before defines.

    `policy` says what may run; `hidden` is 0 to offer all attributes, 1 without those that begin with two underscores,
    2 without those that begin with one.
    """

    def __init__(self, names: Mapping[str, Any], text: str = "", policy: str = "limited", hidden: int = 2, limited_to_all: bool = False) -> None:
        # A name of the user's is known, while an import before the cursor is a guess.
        imported = ChainMap({}, names, imported_in(text))  # type: ignore[arg-type]
        self.names: Mapping[str, Any] = ChainMap(assigned_in(text, imported), imported)
        self._policy = policy
        self._hidden = hidden
        self._limited_to_all = limited_to_all

    def evaluate(self, expression: str) -> Any:
        """Returns the value of an expression, or an Instance of its type; raises NotKnown otherwise."""
        return evaluate(expression, self.names, self._policy)

    def members(self, obj: Any) -> list[str]:
        """Returns the names of the attributes of an object, or of what its `__all__` has."""
        if self._limited_to_all and not isinstance(obj, Instance):
            exported = getattr(obj, "__all__", None)
            if isinstance(exported, (list, tuple)):
                return [name for name in exported if isinstance(name, str)]
        return dir(obj.cls) if isinstance(obj, Instance) else directory(obj)

    def shown(self, names: Iterable[str], prefix: str) -> list[str]:
        """Returns the names that begin with a prefix, without those with underscores that were not typed."""
        return [name for name in names if name.startswith(prefix) and self._is_shown(name, prefix)]

    def _is_shown(self, name: str, prefix: str) -> bool:
        if prefix.startswith("_") or not name.startswith("_") or self._hidden == 0:
            return True
        return self._hidden == 1 and not (name.startswith("__") and name.endswith("__"))
