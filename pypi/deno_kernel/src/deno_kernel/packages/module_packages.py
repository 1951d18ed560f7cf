"""Finds the packages that bring modules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .archives import canonical
from .installed import metadata_directories
from .known_modules import known_packages

TIME_ZONES = "tzdata"
"""The module, and the package, in which zoneinfo looks for time zones."""


class ModulePackages:
    """A `ModulePackages` knows which packages bring top-level modules.

    These are the packages of a distribution and, where there is an index, those that are generally known.
    """

    def __init__(self, locked: Mapping[str, Mapping[str, Any]], has_index: bool) -> None:
        self._locked = locked
        self._has_index = has_index
        listed = {module: name for name, package in locked.items() for module in package.get("imports", ())}
        self._listed = {**listed, TIME_ZONES: TIME_ZONES}
        # True where a library's metadata mentions a package, by the library's module and the package.
        self._mentioned: dict[tuple[str, str], bool] = {}

    def package_of(self, module: str) -> str | None:
        """Returns the canonical name of the package of a module; None if none is known."""
        if module in self._listed:
            return self._listed[module]
        # Not every distribution lists the modules of its packages rightly.
        package = known_packages().get(module)
        name = None if package is None else canonical(package)
        return name if self._has_index or name in self._locked else None

    def is_of_index(self, module: str) -> bool:
        """Returns true for a module whose package only an index has."""
        name = self.package_of(module)
        return name is not None and name not in self._locked

    def mentions(self, library: str, name: str) -> bool:
        """Returns true if the metadata of an installed library, named by its module, mentions a package."""
        if (library, name) not in self._mentioned:
            own = canonical(self.package_of(library) or library)
            found = any(canonical(it.name) == own and it.mentions(name) for it in metadata_directories())
            self._mentioned[library, name] = found
        return self._mentioned[library, name]

    def forget_metadata(self) -> None:
        """Forgets what the metadata of libraries mentions, after an installation."""
        self._mentioned.clear()
