"""Installs the packages of modules that code imports."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from typing import NoReturn

from ..waiting.waits import Waits
from .archives import PackageError, canonical
from .imported_modules import imported_modules, is_there
from .installed import metadata_directories
from .listing import Listing
from .plans import InstallRequest


class MissingModules:
    """`MissingModules` are the modules that are not there when code imports them; `install` installs their packages."""

    def __init__(self, waits: Waits, listing: Listing, install: Callable[[InstallRequest], Awaitable[object]]) -> None:
        self._waits = waits
        self._listing = listing
        self._install = install
        # The reasons why modules could not be loaded, until the next cell.
        self._failed: dict[str, str] = {}

    def forget_failures(self) -> None:
        """Has packages that could not be had looked for again."""
        self._failed.clear()

    def load_imports(self, code: str) -> None:
        """Installs the packages that a cell imports and that are missing, all at once.

        A failure is not told here: the import asks again for its own package, and raises the reason.
        """
        if not self._listing.has_source:
            return
        imported = imported_modules(code) if "import" in code else []
        # An index is asked again for what this cell names, and not for what libraries only try to import.
        self._failed = {
            name: reason for name, reason in self._failed.items() if self._listing.is_of_index(name) and name not in imported
        }
        self._listing.is_old = True
        missing = [name for name in imported if not is_there(name)]
        if missing:
            try:
                self._waits.wait(self._load_all(missing))
            except PackageError as error:
                if len(missing) == 1:
                    self._failed[missing[0]] = str(error)

    def load(self, module: str, library: str | None = None, is_import: bool = True) -> bool:
        """Installs the package that brings a top-level module; returns false if none is known.

        For an installed library, named by its own top-level module, a package that only an index has counts as unknown,
        unless the library imports it and mentions it in its metadata: many libraries only try what there is.

        Raises PackageError if it cannot be had, and RuntimeError where Python cannot wait for it.
        """
        listing = self._listing
        if not listing.has_source or module in sys.stdlib_module_names:
            return False
        if module in self._failed:
            raise PackageError(self._failed[module])
        name = listing.package_of(module)
        if listing.is_known and name is None and not listing.is_old:
            return False
        if not self._waits.can_wait():
            if name is None or library is not None and listing.is_of_index(module):
                return False
            raise RuntimeError(f"{name} brings it, and this code cannot wait until that is installed")
        try:
            return self._waits.wait(self._load(module, library, is_import))
        except PackageError as error:
            self._failed[module] = str(error)
            raise

    def is_lacking(self, module: str) -> NoReturn:
        """Notes that a module is not there although its package is installed. Raises PackageError."""
        name = self._listing.package_of(module)
        version = next((it.version for it in metadata_directories() if canonical(it.name) == name), "")
        self._failed[module] = f"{name} {version}, which is installed, has no such module"
        raise PackageError(self._failed[module])

    async def _load(self, module: str, library: str | None, is_import: bool) -> bool:
        listing = self._listing
        if library is not None:
            await listing.learn(again=listing.is_old and listing.package_of(module) is None)
            if listing.is_of_index(module) and not (is_import and listing.mentions_module(library, module)):
                return False
        return await self._load_all([module])

    async def _load_all(self, modules: list[str]) -> bool:
        """Installs the packages that bring some modules; returns false if none is known."""
        listing = self._listing
        is_unknown = any(listing.package_of(module) is None or listing.is_of_index(module) for module in modules)
        await listing.learn(again=listing.is_old and is_unknown)
        names = sorted({name for module in modules if (name := listing.package_of(module)) is not None})
        if names:
            await self._install(InstallRequest(tuple(names)))
        return bool(names)
