"""Explains to people, in sentences, the reason why a resolution fails."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from .candidates import Needed, Origin
from .catalog import Catalog

_MOST_VERSIONS = 5
_MOST_LINES = 8


def explain(causes: Sequence[Any], catalog: Catalog) -> str:
    """Explains why requirements cannot be satisfied, from the causes of a ResolutionImpossible."""
    needed = {(str(it.requirement), None if it.parent is None else str(it.parent)): it for it in causes}
    names = {it.requirement.name for it in needed.values()}
    if len(names) == 1 and (len(needed) == 1 or all(_is_missing(it.requirement, catalog) for it in needed.values())):
        cause = next(iter(needed.values()))
        text = _explain_missing(cause.requirement, catalog)
        if cause.parent is not None:
            text = f"{text}; {cause.parent} needs it"
    else:
        lines = [
            f"{'you ask for' if cause.parent is None else f'{cause.parent} needs'} {cause.requirement}"
            for cause in sorted(needed.values(), key=lambda it: (it.requirement.name, it.parent is not None))
        ]
        more = len(lines) - _MOST_LINES
        lines = [*lines[:_MOST_LINES], *([f"and {more} more"] if more > 0 else [])]
        text = f"Cannot install {_and(sorted(names))} in versions that fit together: {'; '.join(lines)}"
        text = "\n".join([text, *(found for name in sorted(names) if (found := _what_there_is(name, catalog)))])
    return "\n".join([text, *dead_ends(catalog, names), *catalog.problems])


def explain_dead_ends(name: str, asked: Sequence[str], catalog: Catalog) -> str:
    """Explains that very many versions of a package, one that was asked for or not, need what cannot be installed here."""
    doomed = catalog.doomed[name]
    # A package of which nothing runs here says more than one of which another version is asked for.
    needs = sorted(doomed.dead_ends, key=lambda it: (it != doomed.dead_ends[it], it))
    names = dict.fromkeys(doomed.dead_ends[it] for it in needs[:_MOST_LINES])
    reasons = [there for it in names if (there := _what_there_is(it, catalog))]
    versions = "its newest versions" if name in asked else f"the newest versions of {name}"
    text = f"{versions}, from {doomed.newest} on, need {_some_of(needs)}; {'; '.join(reasons)}"
    return "\n".join([f"Cannot install {name if name in asked else _and(asked)}: {text}", *catalog.problems])


def give_up(requirements: Sequence[str], catalog: Catalog) -> str:
    """Returns the message for a resolution that has tried very many versions."""
    text = f"Cannot install {_and(requirements)}: no versions were found that fit together; ask for certain versions"
    return "\n".join([text, *dead_ends(catalog), *catalog.problems])


def dead_ends(catalog: Catalog, said: Collection[str] = ()) -> Iterable[str]:
    """Yields a sentence about each package that cannot be installed here, so that versions that need it were skipped.

    Leaves out the packages `said`, which the message explains already.
    """
    for name in catalog.dead_ends():
        if name not in said and (there := _what_there_is(name, catalog)):
            yield f"Versions that need {name} were passed over: {there}"


def _is_missing(needed: Needed, catalog: Catalog) -> bool:
    """Returns True when no source has a release that satisfies the requirement, whatever else is required."""
    if needed.release is not None:
        return True  # The requirement is another version of Python, or a file that the user named.
    return not any(needed.accepts(release, True) for release in catalog.releases(needed.name))


def _explain_missing(needed: Needed, catalog: Catalog) -> str:
    if needed.requirement.name == "python" and needed.release is not None:
        return f"Python {catalog.environment.version} does not satisfy {needed.requirement}"
    there = _what_there_is(needed.name, catalog)
    return f"Cannot install {needed}: {there or 'no source has such a package'}"


def _what_there_is(name: str, catalog: Catalog) -> str:
    """Describes the releases that the sources have of a package; empty when there are none."""
    parts = []
    if catalog.has_other_hashes(name):
        parts.append(f"no file of {name} has a hash that the requirements name")
    if (installed := catalog.installed(name)) is not None:
        parts.append(f"{installed} is installed")
    if (locked := catalog.locked(name)) is not None and catalog.may_be_used(locked):
        parts.append(f"the distribution has {locked}")
    if found := [str(it.version) for it in catalog.found(name).releases if it not in catalog.excluded]:
        parts.append(f"--find-links has {name} {_some(list(dict.fromkeys(found)))}")
    page = catalog.pages.get(name)
    if page is not None:
        versions = list(dict.fromkeys(str(it.version) for it in catalog.indexed(name)))
        if versions:
            parts.append(f"the index has {name} {_some(versions)}")
        elif page.releases and not catalog.formats.allows_wheels(name):
            parts.append(f"there are no sources of {name} that can be built here, and --no-binary leaves out its wheels")
        elif page.releases and not catalog.formats.allows_sources(name):
            parts.append(f"the index has only sources of {page.releases[0]}, which --only-binary leaves out")
        if page.pythons:
            newest = max(page.pythons)
            parts.append(f"{name} {newest} needs Python {page.pythons[newest]}")
        if page.elsewhere:
            newest = max(page.elsewhere, key=lambda it: (not it.is_prerelease, it))
            platforms = _and(sorted({_system(it) for it in page.elsewhere[newest]}, key=str.lower))
            parts.append(f"{name} {newest} has wheels for other platforms only ({platforms})")
        if name in catalog.unusable:
            release, reason = catalog.unusable[name]
            beside = page is not None and page.elsewhere
            sources = "its sources cannot" if beside else f"the index has only sources of {release}, which cannot"
            parts.append(f"{sources} be built here: {reason}")
    return "; ".join(parts)


def conflicts(catalog: Catalog, planned: dict[str, Any]) -> Iterable[str]:
    """Yields a sentence about each requirement of an installed package that the planned releases break."""
    for release, metadata in catalog.metadata.items():
        if release.origin is not Origin.INSTALLED or release.name in planned:
            continue
        for requirement in metadata.requirements:
            needed = Needed(requirement)
            other = planned.get(needed.name)
            if other is None or not catalog.environment.applies(requirement.marker, frozenset()):
                continue
            if not needed.accepts(other, True):
                yield f"{release}, which is installed, needs {requirement}, and {other} will be there"


_SYSTEMS = {
    "android": "Android", "ios": "iOS", "linux": "Linux", "macosx": "macOS", "manylinux": "Linux", "musllinux": "Linux",
    "win": "Windows", "win32": "Windows", "any": "another Python",
}  # fmt: skip


def _system(platform: str) -> str:
    """Returns the name of the system that a tag's platform belongs to; a Pyodide of another ABI is one, too."""
    return _SYSTEMS.get(re.split(r"[_\d]", platform)[0], platform)


def _some(texts: Sequence[str]) -> str:
    more = len(texts) - _MOST_VERSIONS
    return ", ".join(texts[:_MOST_VERSIONS]) + (f" and {more} more" if more > 0 else "")


def _some_of(texts: Sequence[str]) -> str:
    more = len(texts) - _MOST_LINES
    return _and([*texts[:_MOST_LINES], *([f"{more} more"] if more > 0 else [])])


def _and(texts: Sequence[str]) -> str:
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} and {texts[-1]}"
