"""Attributes of the shell that are described, checked and observed as those of traitlets are."""

from __future__ import annotations

import sys
from collections import ChainMap
from collections.abc import Callable, Iterable
from typing import Any, ClassVar


class Change(dict[str, Any]):
    """A `Change` tells an observer of a new value: `name`, `old`, `new`, `owner` and `type`, also as attributes."""

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None


class Trait:
    """A `Trait` is an attribute with a default, whose values may be checked; ValueError is raised for a wrong one.

    `kind` is the type of its values. As in IPython, assigning to the class replaces the attribute for all objects.
    With `inert`, the reason why the attribute has no effect in this kernel is printed the first time it is changed.
    """

    def __init__(self, default: Any, kind: type = object, inert: str = "", config: bool = True) -> None:
        self.default_value = default
        self.metadata = {"config": config}
        self.name = ""
        self._kind = kind
        self._inert = inert

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, obj: Any, owner: type | None = None) -> Any:
        return self.default_value if obj is None else _values(obj).get(self.name, self.default_value)

    def __set__(self, obj: Any, value: Any) -> None:
        value = self.validate(obj, value)
        old = self.__get__(obj)
        _values(obj)[self.name] = value
        if old is not value and old != value:
            said = obj.__dict__.setdefault("_said", set())
            if self._inert and self.name not in said:
                said.add(self.name)
                print(f"{type(obj).__name__}.{self.name} has no effect here: {self._inert}.", file=sys.stderr)
            obj.notify_change(Change(name=self.name, old=old, new=value, owner=obj, type="change"))

    def validate(self, obj: Any, value: Any) -> Any:
        """Returns the value to keep; raises ValueError for one that cannot be."""
        if isinstance(value, self._kind):
            return value
        raise ValueError(
            f"The {self.name!r} trait of {type(obj).__name__} instance expected {self._kind.__name__}, "
            f"not the {type(value).__name__} {value!r}."
        )


class Choice(Trait):
    """A `Choice` is a trait whose value is one of a few; with `fold`, letters may be of either case."""

    def __init__(self, default: Any, values: tuple[Any, ...], fold: bool = False, inert: str = "") -> None:
        super().__init__(default, inert=inert)
        self.values = values
        self._fold = fold

    def validate(self, obj: Any, value: Any) -> Any:
        """Returns the value; raises ValueError if it is none of the choices."""
        for choice in self.values:
            if value == choice and type(value) is type(choice):
                return choice
            if self._fold and isinstance(value, str) and value.lower() == choice.lower():
                return choice
        raise ValueError(
            f"The {self.name!r} trait of {type(obj).__name__} instance expected any of {list(self.values)}, "
            f"not the {type(value).__name__} {value!r}."
        )


class HasTraits:
    """A `HasTraits` has traits, which can be listed and observed."""

    _traits: ClassVar[dict[str, Trait]] = {}
    """The traits by name, also those that were replaced since by assigning to the class."""

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        own = {name: value for name, value in vars(cls).items() if isinstance(value, Trait)}
        cls._traits = dict(ChainMap(own, *(getattr(base, "_traits", {}) for base in cls.__bases__)))

    @classmethod
    def class_traits(cls, **metadata: Any) -> dict[str, Trait]:
        """Returns the traits of the class by name; with metadata, only those that have it."""
        return {
            name: trait for name, trait in sorted(cls._traits.items())
            if all(trait.metadata.get(key) == wanted for key, wanted in metadata.items())
        }  # fmt: skip

    @classmethod
    def class_trait_names(cls, **metadata: Any) -> list[str]:
        """Returns the names of the traits of the class."""
        return list(cls.class_traits(**metadata))

    def traits(self, **metadata: Any) -> dict[str, Trait]:
        """Returns the traits by name."""
        return self.class_traits(**metadata)

    def trait_names(self, **metadata: Any) -> list[str]:
        """Returns the names of the traits."""
        return list(self.traits(**metadata))

    def has_trait(self, name: str) -> bool:
        """Returns true if the object has a trait of this name."""
        return name in self.class_traits()

    def trait_values(self, **metadata: Any) -> dict[str, Any]:
        """Returns the values of the traits by name."""
        return {name: getattr(self, name) for name in self.traits(**metadata)}

    def trait_defaults(self, *names: str) -> Any:
        """Returns the default of a trait, or the defaults of several or all traits by name."""
        traits = self.traits()
        if len(names) == 1:
            return traits[names[0]].default_value
        return {name: traits[name].default_value for name in names or traits}

    def trait_metadata(self, traitname: str, key: str, default: Any = None) -> Any:
        """Returns an entry of the metadata of a trait."""
        return self.traits()[traitname].metadata.get(key, default)

    def set_trait(self, name: str, value: Any) -> None:
        """Sets a trait; raises ValueError if there is none of this name."""
        if not self.has_trait(name):
            raise ValueError(f"Class {type(self).__name__} does not have a trait named {name}")
        setattr(self, name, value)

    def _observers(self) -> list[tuple[Callable[[Change], Any], tuple[str, ...] | None]]:
        return self.__dict__.setdefault("_observed_by", [])

    def observe(self, handler: Callable[[Change], Any], names: str | Iterable[str] | None = None, type: str = "change") -> None:
        """Has a function called with each change of some traits; without names, or with `All`, of every trait."""
        self._observers().append((handler, _names(names)))

    def unobserve(self, handler: Callable[[Change], Any], names: str | Iterable[str] | None = None, type: str = "change") -> None:
        """Undoes `observe` with the same arguments; raises ValueError if there was none."""
        self._observers().remove((handler, _names(names)))

    def unobserve_all(self, name: Any = None) -> None:
        """Undoes every `observe`; with a name, those of that trait."""
        wanted = _names(name)
        self._observers()[:] = [one for one in self._observers() if wanted is not None and one[1] != wanted]

    def notify_change(self, change: Change) -> None:
        """Calls the observers of a change."""
        for handler, names in list(self._observers()):
            if names is None or change["name"] in names:
                handler(change)


def _values(obj: Any) -> dict[str, Any]:
    return obj.__dict__.setdefault("_trait_values", {})


def _names(names: Any) -> tuple[str, ...] | None:
    if isinstance(names, str):
        return (names,)
    return tuple(names) if isinstance(names, (list, tuple, set)) else None
