"""The interpreter that packages are installed for."""

from __future__ import annotations

import platform
import sysconfig
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, cached_property

from ._vendor.packaging.markers import Marker, default_environment
from ._vendor.packaging.specifiers import InvalidSpecifier, SpecifierSet
from ._vendor.packaging.tags import Tag, compatible_tags, cpython_tags, parse_tag
from ._vendor.packaging.version import Version


@dataclass(frozen=True)
class Environment:
    """A version of Python and a platform such as "pyemscripten_2026_0_wasm32" (PEP 783)."""

    python: tuple[int, int]
    platform: str
    markers: dict[str, str] = field(default_factory=lambda: dict(default_environment()), hash=False)

    @classmethod
    def current(cls) -> Environment:
        """The environment of this interpreter."""
        version = sysconfig.get_config_var("PYEMSCRIPTEN_PLATFORM_VERSION") or sysconfig.get_config_var(
            "PYODIDE_ABI_VERSION"
        )
        name = f"pyemscripten_{version}_wasm32" if version else sysconfig.get_platform().replace("-", "_")
        major, minor, _ = platform.python_version_tuple()
        return cls((int(major), int(minor)), name.replace(".", "_"))

    @cached_property
    def _ranks(self) -> dict[Tag, int]:
        tags = [
            *cpython_tags(self.python, platforms=[self.platform]),
            *compatible_tags(self.python, f"cp{self.python[0]}{self.python[1]}", [self.platform]),
        ]
        return {tag: rank for rank, tag in reversed(list(enumerate(tags)))}

    def rank(self, tags: frozenset[Tag]) -> int | None:
        """Returns the rank of a wheel with these tags, 0 being the best; None when the wheel does not run here."""
        return min((self._ranks[tag] for tag in tags if tag in self._ranks), default=None)

    @cached_property
    def kind_of(self) -> Callable[[str], tuple[int | None, frozenset[str]]]:
        """Returns the rank of wheels with the tags of a text such as "py3-none-any", and their platforms; remembers both."""

        def find(text: str) -> tuple[int | None, frozenset[str]]:
            tags = parse_tag(text)
            return self.rank(tags), frozenset(tag.platform for tag in tags)

        return cache(find)

    def runs_on(self, requires_python: str | None) -> bool:
        """Returns True when a `Requires-Python` includes this version, or cannot be parsed."""
        if not requires_python:
            return True
        try:
            return SpecifierSet(requires_python).contains(self.markers["python_full_version"], prereleases=True)
        except (InvalidSpecifier, ValueError):
            return True

    def applies(self, marker: Marker | None, extras: frozenset[str]) -> bool:
        """Returns True when a requirement with this marker counts for a package that is installed with these extras."""
        if marker is None:
            return True
        return any(marker.evaluate({**self.markers, "extra": extra}) for extra in ("", *extras))

    @property
    def version(self) -> Version:
        """The full version of Python."""
        return Version(self.markers["python_full_version"])
