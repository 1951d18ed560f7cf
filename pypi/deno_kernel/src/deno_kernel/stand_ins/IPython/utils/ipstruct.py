"""The stand-in for `IPython.utils.ipstruct`."""

from __future__ import annotations

from typing import Any

__all__ = ["Struct"]


class Struct(dict[str, Any]):
    """A `Struct` is a dict whose keys are its attributes as well."""

    def __setattr__(self, key: str, value: Any) -> None:
        if isinstance(key, str) and (key in vars(type(self)) or hasattr(dict, key)):
            raise AttributeError(f"attr {key} is a protected member of class Struct.")
        self[key] = value

    def __getattr__(self, key: str) -> Any:
        try:
            return self[key]
        except KeyError:
            raise AttributeError(key) from None

    def __add__(self, other: dict[str, Any]) -> Struct:
        found = self.copy()
        found.merge(other)
        return found

    def __iadd__(self, other: dict[str, Any]) -> Struct:
        self.merge(other)
        return self

    def __sub__(self, other: dict[str, Any]) -> Struct:
        return Struct({key: value for key, value in self.items() if key not in other})

    def copy(self) -> Struct:
        """Returns a copy."""
        return Struct(self)

    def hasattr(self, key: str) -> bool:
        """Returns true if there is such a key."""
        return key in self

    def dict(self) -> dict[str, Any]:
        """Returns the struct itself, which is a dict."""
        return self

    def merge(self, __loc_data__: Any = None, __conflict_solve: Any = None, **kw: Any) -> None:
        """Adds the keys of another mapping; those that exist stay."""
        for key, value in {**(__loc_data__ or {}), **kw}.items():
            self.setdefault(key, value)
