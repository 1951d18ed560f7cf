"""The list of the packages that a kernel's source has."""

from __future__ import annotations

from typing import Any

from .archives import PackageError
from .module_packages import ModulePackages
from .package_source import PackageSource, reason_of
from .resolving import Resolving

NEEDS_RESOLVER = (
    "This takes the wheels of packaging and resolvelib that the server is made for, and no source of packages has them: "
    "add them to PACKAGE_WHEELS_DIR"
)


class Listing:
    """A `Listing` is what a source of packages has. It is got when something first needs it."""

    def __init__(self, source: PackageSource | None) -> None:
        self._source = source
        self.listed: dict[str, Any] = {}
        """The list as the host gives it; see `PackageSource.list`. Empty until it is got."""
        self.is_old = False
        """True if the server's directory of wheels may have changed since the list was got."""
        self.resolving = None if source is None else Resolving(source.get, source.download, source.add_bytecode)
        # Nothing is known of modules before the host was asked.
        self._modules: ModulePackages | None = None

    @property
    def has_source(self) -> bool:
        """False for a kernel that gets no packages."""
        return self._source is not None

    @property
    def locked(self) -> dict[str, dict[str, Any]]:
        """The packages of the distribution, by their canonical names."""
        return self.listed["lock"]["packages"] if self.listed else {}

    @property
    def index_url(self) -> str | None:
        """The address of the index, without credentials; None if there is none. The list has to be there."""
        return self.listed["indexUrl"]  # type: ignore[no-any-return]

    @property
    def is_known(self) -> bool:
        """True once the list is there."""
        return bool(self.listed)

    def forget(self) -> None:
        """Forgets the list, so that it is got again."""
        self.listed, self._modules = {}, None

    async def learn(self, again: bool = False) -> None:
        """Gets the list, if it is not there or `again`. Raises PackageError."""
        if self.listed and not again:
            return
        if self._source is None:
            raise PackageError("Packages cannot be installed in this kernel: its server gives it none (PACKAGES)")
        try:
            found = await self._source.list()
        except Exception as error:
            raise PackageError(f"Cannot find out what packages there are: {reason_of(error)}") from error
        self._modules = ModulePackages(found["lock"]["packages"], found["indexUrl"] is not None)
        self.listed = found
        self.is_old = False

    async def need_resolving(self) -> Resolving:
        """Gets the list, and returns the resolver. Raises PackageError if no source has it."""
        await self.learn()
        assert self.resolving is not None
        if not await self.resolving.is_available():
            raise PackageError(NEEDS_RESOLVER)
        return self.resolving

    def package_of(self, module: str) -> str | None:
        """Returns the canonical name of the package of a top-level module; None if none is known."""
        return None if self._modules is None else self._modules.package_of(module)

    def is_of_index(self, module: str) -> bool:
        """Returns true for a module whose package only an index has."""
        return self._modules is not None and self._modules.is_of_index(module)

    def mentions_module(self, library: str, module: str) -> bool:
        """Returns true if the metadata of an installed library, named by its module, mentions the package of a module."""
        name = self.package_of(module)
        return self._modules is not None and name is not None and self._modules.mentions(library, name)

    def forget_metadata(self) -> None:
        """Forgets what the metadata of libraries mentions, after an installation."""
        if self._modules is not None:
            self._modules.forget_metadata()
