"""The knowledge of packages that a resolution gathers."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from ._vendor.packaging.version import InvalidVersion, Version
from .candidates import Metadata, Origin, Release, parse_metadata
from .environment import Environment
from .index_page import Page, read_page
from .question import Formats
from .source import Source

_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")

Need = str | Release
"""The name of a project whose page is needed, or a release whose metadata is."""


MOST_DOOMED = 20
"""The number of versions of a package that may need packages of which nothing runs here; older ones are not tried then."""
MOST_UNSATISFIED = 50
"""The number of versions of a package that may need versions of others which no source has; older ones are not tried then."""


MOST_COMPILED_BYTES = 2**20
"""The size of archives of sources up to which they are read if all wheels of a project are for other platforms.

Packages that work without their compiled parts are small, and large ones would be fetched for nothing.
"""


MOST_AHEAD = 8
"""The number of versions of a package whose metadata is read before they are tried."""


class DeadEnd(Exception):
    """Ends a resolution: very many versions of a package, the argument, need what cannot be installed here."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@dataclass
class Doomed:
    """The versions of a package that need what no source has."""

    versions: set[Version] = field(default_factory=set)
    dead_ends: dict[str, str] = field(default_factory=dict)
    """The requirements that they fail for, such as "numpy<2" or "numpy" (any version that runs here), and their packages."""

    @property
    def newest(self) -> Version:
        """The newest of the versions."""
        return max(self.versions)


class Unknown(Exception):
    """Ends a resolution that lacks knowledge; it begins again once the `needs` have been read."""

    def __init__(self, *needs: Need) -> None:
        super().__init__(*needs)
        self.needs = needs


class Catalog:
    """The releases of each project in the order of preference, and their metadata, as far as they were read."""

    def __init__(
        self, source: Source, environment: Environment, formats: Formats = Formats(), hashes: Mapping[str, frozenset[str]] | None = None
    ) -> None:
        self.environment = environment
        self.formats = formats
        self.hashes = hashes or {}
        self.pages: dict[str, Page] = {}
        self.metadata: dict[Release, Metadata] = {}
        self.contents: dict[Release, bytes] = {}
        """The files that had to be fetched for their metadata."""
        self.excluded: set[Release] = set()
        """The releases whose files cannot be fetched, or are damaged."""
        self.unusable: dict[str, tuple[Release, str]] = {}
        """The sources that cannot be built here, and the reason, by the name of the package."""
        self.doomed: dict[str, Doomed] = {}
        """The versions that cannot be installed because of others, by the name of the package."""
        self.is_index_reachable = True
        self.problems: list[str] = []
        """Sentences about failures of sources, each of them once."""
        self._installed: dict[str, Release] = {}
        self._built_in: dict[str, Release] = {}
        self._locked: dict[str, list[Release]] = {}
        self._found = {name: read_page(name, page, environment) for name, page in source.found.items()}
        for name, package in source.installed.items():
            if (version := parse_version(package.version)) is not None:
                release = self._installed[name] = Release(name, version, Origin.INSTALLED)
                self.metadata[release] = parse_metadata(package.metadata)
        for name, text in source.built_in.items():
            release = self._built_in[name] = Release(name, Version(text), Origin.BUILT_IN)
            self.metadata[release] = Metadata()
        for key, entry in source.locked.items():
            name = key.partition("==")[0]
            release = Release(
                name,
                parse_version(entry["version"]) or Version("0"),
                Origin.DISTRIBUTION,
                entry["file_name"].rpartition("/")[2],
                key,
                entry.get("sha256"),
                depends=tuple(it for it in entry.get("depends", ()) if _NAME.fullmatch(it)),
            )
            self._locked.setdefault(name, []).append(release)
            if not release.file_name.endswith(".whl"):
                self.metadata[release] = Metadata()  # A shared library, or a part of the standard library.

    def installed(self, name: str) -> Release | None:
        """Returns the installed release of a package; None when there is none."""
        return self._installed.get(name)

    def locked(self, name: str) -> Release | None:
        """Returns the release that the distribution prefers; None when it has none."""
        return next(iter(self._locked.get(name, ())), None)

    def found(self, name: str) -> Page:
        """Returns the releases in folders of the user, the newest first."""
        return self._found.get(name, Page())

    def releases(self, name: str, *, newest: bool = False, without: Container[Origin] = ()) -> Iterator[Release]:
        """Yields the releases of a project in the order of preference, except those of the origins `without`.

        The installed release comes first, then those in folders of the user, the distribution's, and those of the index
        from the newest on.
        With `newest` the newest of all comes first. Raises Unknown when the index has its turn and the project's
        page was not read.
        """
        there = (self._installed.get(name), self._built_in.get(name))
        wheels = (*self.found(name).releases, *self._locked.get(name, ()))
        known = (*there, *(wheels if self.formats.allows_wheels(name) else ()))
        near = [it for it in known if it is not None and self.may_be_used(it) and it.origin not in without]
        if newest:
            both = [*near, *self.indexed(name)]
            yield from sorted(both, key=lambda it: it.version, reverse=True)
            return
        yield from near
        yield from self.indexed(name)

    def indexed(self, name: str) -> Iterator[Release]:
        """Returns the releases that the index has; raises Unknown when the project's page was not read."""
        page = self.pages.get(name)
        if page is None:
            if not self.is_index_reachable:
                return iter(())
            raise Unknown(name)
        formats = self.formats
        releases: Iterable[Release] = page.releases
        if not formats.allows_wheels(name):
            releases = page.sources
        elif all(it.version.is_prerelease for it in page.releases):
            releases = [*page.releases, *_small(page.sources)]
        if not formats.allows_sources(name):
            releases = (it for it in releases if not it.is_source)
        elif formats.prefer_binary:
            releases = sorted(releases, key=lambda it: it.is_source)
        return filter(self.may_be_used, releases)

    def has_other_hashes(self, name: str) -> bool:
        """Returns True when a source has a package, but no file of it with one of the hashes that were asked for."""
        page = self.pages.get(name, Page())
        known = (*self.found(name).releases, *self._locked.get(name, ()), *page.releases)
        return name in self.hashes and bool(known) and not any(map(self._has_right_hash, known))

    def may_be_used(self, release: Release) -> bool:
        """Returns False for a release whose file cannot be fetched, or has another hash than those that were asked for."""
        return release not in self.excluded and self._has_right_hash(release)

    def _has_right_hash(self, release: Release) -> bool:
        """Returns False when the source of a release lists another hash than those that were asked for."""
        return not self.hashes or release.sha256 is None or release.sha256 in self.hashes.get(release.name, (release.sha256,))

    def following(self, release: Release) -> list[Release]:
        """Returns releases of the index that may be tried after one: the more of them were tried before, the more."""
        page = self.pages.get(release.name)
        if page is None or release not in page.releases:
            return []
        tried = sum(it in self.metadata for it in page.releases)
        later = page.releases[page.releases.index(release) + 1 :]
        is_early = release.version.is_prerelease
        usual = [it for it in later if not (it.is_source or it.yanked) and it.version.is_prerelease == is_early]
        return [it for it in usual[: min(tried, MOST_AHEAD)] if it not in self.metadata]

    def exists(self, name: str) -> bool:
        """Returns True when any source has a release of the package; raises Unknown."""
        return next(self.releases(name), None) is not None

    def dead_ends(self) -> list[str]:
        """Returns the packages whose page was read and of which no source has a release that runs here."""
        return sorted(name for name in self.pages if next(self.releases(name), None) is None)

    def doom(self, release: Release, needs: str, name: str) -> None:
        """Notes that a release needs what no source has of the package `name`. Raises DeadEnd for very many releases."""
        doomed = self.doomed.setdefault(release.name, Doomed())
        doomed.versions.add(release.version)
        doomed.dead_ends[needs] = name
        most = MOST_DOOMED if needs == name else MOST_UNSATISFIED
        if len(doomed.versions) > most:
            raise DeadEnd(release.name)

    def metadata_of(self, release: Release) -> Metadata:
        """Returns the metadata of a release; raises Unknown when the metadata was not read."""
        found = self.metadata.get(release)
        if found is None:
            raise Unknown(release)
        return found

    def give_up_sources(self, release: Release, reason: str) -> None:
        """Excludes the sources of a package after those of one release could not be built: others take the same."""
        self.unusable.setdefault(release.name, (release, reason))
        self.excluded.add(release)
        if (page := self.pages.get(release.name)) is not None:
            self.excluded.update(it for it in (*page.releases, *page.sources) if it.is_source)

    def blame(self, problem: str) -> None:
        """Notes a sentence about the failure of a source."""
        if problem not in self.problems:
            self.problems.append(problem)


def _small(sources: Iterable[Release]) -> list[Release]:
    """Returns the archives that are worth a try, although their project has to be compiled."""
    return [it for it in sources if it.size is not None and it.size <= MOST_COMPILED_BYTES]


def parse_version(text: str) -> Version | None:
    """Parses a version; returns None when the text is not a version of PEP 440."""
    try:
        return Version(text)
    except InvalidVersion:
        return None
