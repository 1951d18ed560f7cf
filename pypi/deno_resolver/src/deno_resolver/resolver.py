"""The resolution: requirements in, a plan out."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from ._vendor.packaging.requirements import InvalidRequirement, Requirement
from ._vendor.packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename
from ._vendor.packaging.version import InvalidVersion
from ._vendor.resolvelib import BaseReporter, ResolutionImpossible, ResolutionTooDeep, Resolver
from .candidates import Needed, Origin, Release, parse_metadata
from .catalog import Catalog, DeadEnd, Unknown
from .environment import Environment
from .errors import FileUnavailable, ResolutionFailed, SourceUnreachable
from .explanation import conflicts, dead_ends, explain, explain_dead_ends, give_up
from .exploring import Explorer
from .plan import Plan, Step
from .provider import Key, Provider
from .question import Question
from .reading import Reader
from .source import Source
from .wheel_file import metadata_in

MOST_SECONDS = 45.0
"""The time that a resolution may take; most take less than one second."""
_MOST_ROUNDS = 20_000
_MOST_BEGINNINGS = 200
"""A resolution begins again after each reading; one that begins so often is trying ever older versions."""


async def resolve(question: Question, source: Source, environment: Environment | None = None) -> Plan:
    """Finds the packages to install. Raises ResolutionFailed."""
    return await Resolution(question, source, environment or Environment.current()).run()


class Resolution:
    """One resolution, with everything that it has read from its source."""

    def __init__(
        self,
        question: Question,
        source: Source,
        environment: Environment,
        seconds: float = MOST_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._question = question
        self._reporter = _Deadline(clock, clock() + seconds)
        self._catalog = Catalog(source, environment, question.formats, question.hashes)
        self._reader = Reader(source, self._catalog)
        self._explorer = Explorer(self._catalog, self._reader, self._reporter.is_late)
        self._roots: list[Needed] | None = None
        self._ignored: list[str] = []

    @property
    def problems(self) -> Sequence[str]:
        """Sentences about sources and files that could not be had; without them another plan may be better."""
        return tuple(self._catalog.problems)

    async def run(self) -> Plan:
        """Finds a plan. Raises ResolutionFailed."""
        if self._roots is None:
            self._roots = await self._read_roots()
        roots = self._roots
        constraints = [Needed(_parse(it), is_constraint=True) for it in self._question.constraints]
        await self._explorer.explore(Provider(self._catalog, self._question, roots, constraints), roots)
        for _ in range(_MOST_BEGINNINGS):
            provider = Provider(self._catalog, self._question, roots, constraints)
            try:
                provider.ask_for(roots)
                result: Any = Resolver(provider, self._reporter).resolve(roots, max_rounds=_MOST_ROUNDS)
            except Unknown as unknown:
                await self._explorer.learn(provider, unknown.needs)
            except ResolutionImpossible as error:
                raise ResolutionFailed(explain(error.causes, self._catalog)) from None
            except DeadEnd as error:
                raise ResolutionFailed(explain_dead_ends(error.name, [it.name for it in roots], self._catalog)) from None
            except (ResolutionTooDeep, TimeoutError):
                break
            else:
                return self._plan(result, provider)
        raise ResolutionFailed(give_up([str(needed) for needed in roots], self._catalog))

    async def obtain(self) -> Plan:
        """Finds a plan and fetches its files; plans anew when a file cannot be fetched. Raises ResolutionFailed."""
        while True:
            plan = await self.run()
            missing = [step.release for step in plan.steps if step.content is None]
            await asyncio.gather(*map(self._reader.obtain, missing))
            if not self._catalog.excluded.intersection(missing):
                contents = self._catalog.contents
                steps = (replace(step, content=contents[step.release]) for step in plan.steps)
                return replace(plan, steps=tuple(steps))

    async def _read_roots(self) -> list[Needed]:
        roots = []
        for text in self._question.requirements:
            needed = self._read_root(text)
            if needed is None:
                self._ignored.append(f"Ignoring {text.strip()}: its marker excludes this environment")
                continue
            release = needed.release
            if release is not None:
                try:
                    content = self._catalog.contents[release] = await self._reader.read(release)
                    metadata = parse_metadata(metadata_in(content, release.file_name))
                except (SourceUnreachable, FileUnavailable) as error:
                    raise ResolutionFailed(f"Cannot install {text}: {error}") from None
                self._catalog.metadata[release] = metadata
            roots.append(needed)
        return roots

    def _read_root(self, text: str) -> Needed | None:
        """Parses a requirement of the user; returns None when its marker excludes this environment."""
        text = text.strip()
        is_direct = re.match(r"[A-Za-z0-9][\w.-]*\s*(?:\[[^\]]*\])?\s*@", text) is not None
        if re.search(r"\.whl(?:[?#].*|\s*\[.*\])?$", text) and not is_direct:
            place, _, extras = text.partition("[")
            return self._named_file(place.strip(), extras.rstrip("] "))
        requirement = _parse(text)
        if not self._catalog.environment.applies(requirement.marker, frozenset()):
            return None
        if requirement.url is None:
            return Needed(requirement)
        needed = self._named_file(requirement.url, ",".join(requirement.extras))
        if needed.name != canonicalize_name(requirement.name):
            raise ResolutionFailed(f"Cannot install {text}: the file is a wheel of {needed.name}")
        return needed

    def _named_file(self, place: str, extras: str) -> Needed:
        address, _, fragment = re.sub("^file://(?:localhost)?(?=/)", "", place).partition("#")
        file_name = address.partition("?")[0].rpartition("/")[2].replace("%2B", "+")
        try:
            name, version, _, tags = parse_wheel_filename(file_name)
        except (InvalidWheelFilename, InvalidVersion) as error:
            raise ResolutionFailed(f"Cannot install {place}: {error}") from None
        if self._catalog.environment.rank(tags) is None:
            platforms = ", ".join(sorted({tag.platform for tag in tags}))
            raise ResolutionFailed(f"Cannot install {file_name}: it is for another Python or platform ({platforms})")
        found = re.search(r"sha256=([0-9a-fA-F]{64})", fragment)
        release = Release(name, version, Origin.ADDRESS, file_name, address, found and found[1].lower())
        return Needed(Requirement(f"{name}[{extras}]" if extras else name), release)

    def _plan(self, result: Any, provider: Provider) -> Plan:
        assert self._roots is not None
        requested = {needed.name for needed in self._roots}
        catalog = self._catalog
        steps, satisfied = [], []
        for key in _in_order(result):
            if key[1]:
                continue  # The package without extras is in the plan, too.
            release = result.mapping[key].release
            if release.origin in (Origin.INSTALLED, Origin.BUILT_IN):
                satisfied.append(release)
                continue
            before = catalog.installed(release.name)
            replaces = None if before is None else str(before.version)
            content, sha256 = catalog.contents.get(release), self._reader.source_hashes.get(release)
            steps.append(Step(release, release.name in requested, replaces, content, sha256))
        planned = {step.release.name: step.release for step in steps}
        notes = [*self._ignored, *catalog.problems, *dead_ends(catalog), *self._missing_extras(result), *conflicts(catalog, planned)]
        unusable = (it for name, it in sorted(catalog.unusable.items()) if name in planned)
        notes += [f"The index has only sources of {release}, which cannot be built here: {reason}" for release, reason in unusable]
        skipped = sorted(provider.skipped, key=str)
        notes += [f"{release}: the distribution does without {name}" for release, name in skipped]
        widened = sorted(provider.widened, key=str)
        notes += [f"{release} needs {needed}, and the distribution has another version" for release, needed in widened]
        return Plan(tuple(steps), tuple(satisfied), tuple(notes))

    def _missing_extras(self, result: Any) -> Iterable[str]:
        for (_, extras), candidate in result.mapping.items():
            missing = extras - self._catalog.metadata_of(candidate.release).extras
            for extra in sorted(missing):
                yield f"{candidate.release} has no extra {extra!r}"


class _Deadline(BaseReporter):  # type: ignore[type-arg]
    """Ends a resolution that takes too long, with a TimeoutError."""

    def __init__(self, clock: Callable[[], float], end: float) -> None:
        self._clock = clock
        self._end = end

    def is_late(self) -> bool:
        """Returns True when the time is over."""
        return self._clock() > self._end

    def starting_round(self, index: int) -> None:
        """See BaseReporter."""
        if self.is_late():
            raise TimeoutError


def _parse(text: str) -> Requirement:
    try:
        return Requirement(text)
    except InvalidRequirement as error:
        raise ResolutionFailed(f"Cannot read the requirement {text!r}: {str(error).splitlines()[0]}") from None


def _in_order(result: Any) -> list[Key]:
    """Sorts the packages of a result, each after the packages that it needs; a circle begins at any of its packages."""
    order: dict[Key, None] = {}
    seen: set[Key] = set()

    def visit(key: Key) -> None:
        if key in seen:
            return
        seen.add(key)
        for child in sorted(result.graph.iter_children(key), key=lambda it: (it[0], sorted(it[1]))):
            visit(child)
        order[key] = None

    for key in sorted((it for it in result.mapping), key=lambda it: (it[0], sorted(it[1]))):
        visit(key)
    return list(order)
