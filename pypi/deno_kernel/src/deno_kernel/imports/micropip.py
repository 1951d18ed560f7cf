"""The functions of micropip, as this kernel installs packages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from ..packages.archives import PackageError
from ..packages.installer import Packages
from ..packages.plans import InstallRequest


def installing(packages: Packages) -> Callable[..., Awaitable[None]]:
    """Returns the function that takes the place of `micropip.install`."""

    async def install(
        requirements: str | list[str],
        keep_going: bool = False,
        deps: bool = True,
        credentials: str | None = None,
        pre: bool = False,
        index_urls: list[str] | str | None = None,
        *,
        constraints: list[str] | None = None,
        reinstall: bool = False,
        verbose: bool | int | None = None,
    ) -> None:
        """Installs requirements and what they need, from the server's sources. Raises ValueError."""
        names = (requirements,) if isinstance(requirements, str) else tuple(requirements)
        request = InstallRequest(
            names, tuple(constraints or ()), reinstall=reinstall, prereleases=pre, dependencies=deps
        )
        try:
            await packages.install_async(request)
        except PackageError as error:
            raise ValueError(str(error)) from None

    return install


def uninstalling(packages: Packages) -> Callable[..., None]:
    """Returns the function that takes the place of `micropip.uninstall`."""

    def uninstall(names: str | Iterable[str], *, verbose: bool | int | None = None, **_: Any) -> None:
        """Removes packages; warns about those that are not installed."""
        import warnings

        for name in [names] if isinstance(names, str) else names:
            try:
                packages.uninstall([name])
            except PackageError as error:
                warnings.warn(str(error), stacklevel=2)

    return uninstall
