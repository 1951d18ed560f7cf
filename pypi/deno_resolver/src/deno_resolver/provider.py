"""The rules by which resolvelib chooses packages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from ._vendor.packaging.requirements import Requirement
from ._vendor.packaging.utils import canonicalize_name
from ._vendor.packaging.version import Version
from ._vendor.resolvelib import AbstractProvider
from .candidates import Candidate, Metadata, Needed, Origin, Release
from .catalog import Catalog, Need, Unknown
from .question import Question

Key = tuple[str, frozenset[str]]


class Provider(AbstractProvider):  # type: ignore[type-arg]
    """Answers resolvelib from a catalog. Raises Unknown when the catalog does not know something yet."""

    def __init__(self, catalog: Catalog, question: Question, roots: Sequence[Needed], constraints: Sequence[Needed]):
        self._catalog = catalog
        self._question = question
        self._order = {needed.name: index for index, needed in reversed(list(enumerate(roots)))}
        self._constraints: dict[str, list[Needed]] = {}
        for constraint in constraints:
            self._constraints.setdefault(constraint.name, []).append(constraint)
        self.skipped: set[tuple[Release, str]] = set()
        """Requirements that packages of the distribution are installed without, because no source has them."""
        self.widened: set[tuple[Release, str]] = set()
        """Requirements of these on each other that the distribution itself does not satisfy, nor any other source."""

    def identify(self, requirement_or_candidate: Needed | Candidate) -> Key:
        """See AbstractProvider."""
        return requirement_or_candidate.key

    def get_preference(
        self,
        identifier: Key,
        resolutions: Mapping[Key, Candidate],
        candidates: Mapping[Key, Iterator[Candidate]],
        information: Mapping[Key, Iterator[Any]],
        backtrack_causes: Sequence[Any],
    ) -> Any:
        """Sorts first the packages that may conflict: causes of earlier conflicts, pinned versions, named packages."""
        name = identifier[0]
        causes = any(
            cause.requirement.name == name or (cause.parent is not None and cause.parent.release.name == name)
            for cause in backtrack_causes
        )
        needed = [it.requirement for it in information[identifier]]
        return (
            not causes,
            not any(it.is_pinned for it in needed),
            self._order.get(name, len(self._order)),
            not any(it.requirement.specifier for it in needed),
            name,
            len(identifier[1]),
        )

    def find_matches(
        self,
        identifier: Key,
        requirements: Mapping[Key, Iterator[Needed]],
        incompatibilities: Mapping[Key, Iterator[Candidate]],
    ) -> Callable[[], Iterator[Candidate]]:
        """Finds the candidates that satisfy all requirements of a package, with or without extras, the best first."""
        name, extras = identifier
        needed = [it for key in requirements if key[0] == name for it in requirements[key]]
        bad = {it.release for it in incompatibilities[identifier]}

        def matches() -> Iterator[Candidate]:
            for release in self.acceptable(name, needed):
                if release not in bad:
                    yield Candidate(release, extras)

        return matches

    def is_satisfied_by(self, requirement: Needed, candidate: Candidate) -> bool:
        """See AbstractProvider."""
        return requirement.accepts(candidate.release, True)

    def get_dependencies(self, candidate: Candidate) -> Iterable[Needed]:
        """Returns the requirements of a candidate; raises Unknown with everything that the next steps will need."""
        found = self.requirements(candidate)
        self.ask_for(found)
        return found

    def requirements(self, candidate: Candidate) -> list[Needed]:
        """Returns the requirements of a candidate. Raises Unknown when its metadata was not read."""
        release, extras = candidate.release, candidate.extras
        metadata = self._catalog.metadata_of(release)
        found: list[Needed] = []
        if extras:
            found.append(Needed(Requirement(release.name), release))
        if not self._catalog.environment.runs_on(metadata.requires_python):
            return [*found, Needed(Requirement(f"python{metadata.requires_python}"), _NO_RELEASE)]
        if self._question.dependencies:
            found += self._requirements(release, metadata, extras)
        return found

    def acceptable(self, name: str, needed: Sequence[Needed]) -> Iterator[Release]:
        """Yields the releases that satisfy the requirements and the constraints, in the order of preference."""
        if any(it.release is _NO_RELEASE for it in needed):
            return
        fixed = [it.release for it in needed if it.release is not None]
        all_needed = [*needed, *self._constraints.get(name, ())]
        is_root = name in self._order
        pinned = any(it.is_pinned for it in all_needed)
        # Pre-releases count when a requirement asks for them, or no other release fits (PEP 440).
        asked = is_root and self._question.prereleases
        asked = asked or any(it.requirement.specifier.prereleases for it in all_needed)
        for prereleases in (True,) if asked else (False, True):
            is_found = False
            for release in fixed[:1] or self._releases(name, is_root):
                if release.yanked and not pinned:
                    continue
                is_there = release.origin is Origin.INSTALLED
                if all(it.accepts(release, prereleases or is_there) for it in all_needed):
                    is_found = True
                    yield release
            if is_found:
                return

    def _releases(self, name: str, is_root: bool) -> Iterator[Release]:
        if not is_root:
            return self._catalog.releases(name)
        # A user who names a package that the kernel has a stand-in for wants the real one.
        without = {Origin.BUILT_IN, *([Origin.INSTALLED] if self._question.reinstall else [])}
        return self._catalog.releases(name, newest=self._question.upgrade, without=without)

    def _requirements(self, release: Release, metadata: Metadata, extras: frozenset[str]) -> Iterator[Needed]:
        environment = self._catalog.environment
        listed = {canonicalize_name(name) for name in release.depends or ()}
        depends = set(listed)
        unknown: list[Need] = []
        for requirement in metadata.requirements:
            if extras and environment.applies(requirement.marker, frozenset()):
                continue  # The package without extras has the same requirement.
            if not environment.applies(requirement.marker, extras):
                continue
            name = canonicalize_name(requirement.name)
            depends.discard(name)
            try:
                is_installed = release.origin is Origin.INSTALLED
                is_lenient = is_installed or (release.depends is not None and name not in listed)
                if is_lenient and not self._catalog.exists(name):
                    # The release was built or installed without this package, and works so.
                    if not is_installed:
                        self.skipped.add((release, name))
                    continue
                if name in listed and not self._can_be_satisfied(requirement):
                    # The distribution was built and tested with the version that it has.
                    self.widened.add((release, str(requirement)))
                    requirement = Requirement(name)
            except Unknown as it:
                unknown += it.needs
                continue
            needed = Needed(requirement)
            if name in self._catalog.pages and not self._catalog.exists(name):
                self._catalog.doom(release, name, name)
            elif self._is_unsatisfiable(needed):
                self._catalog.doom(release, f"{name}{requirement.specifier}", name)
            yield needed
        if unknown:
            raise Unknown(*unknown)
        if not extras:
            for name in sorted(depends):
                yield Needed(Requirement(name))

    def _can_be_satisfied(self, requirement: Requirement) -> bool:
        needed = Needed(requirement)
        return any(needed.accepts(release, True) for release in self._catalog.releases(needed.name))

    def _is_unsatisfiable(self, needed: Needed) -> bool:
        """Returns True when no source has a release for a requirement, whatever else is required."""
        try:
            return next(self.acceptable(needed.name, [needed]), None) is None
        except Unknown:
            return False

    def ask_for(self, found: Iterable[Needed]) -> None:
        """Raises Unknown with everything that has to be read before the requirements get their best candidates."""
        needs: list[Need] = []
        for needed in found:
            try:
                release = next(self.acceptable(needed.name, [needed]), None)
                if release is not None:
                    self._catalog.metadata_of(release)
            except Unknown as unknown:
                needs += unknown.needs
        if needs:
            raise Unknown(*needs)


_NO_RELEASE = Release("python", Version("0"), Origin.BUILT_IN)
"""Stands for another version of Python, which no package can provide."""
