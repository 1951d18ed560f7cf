"""Reads the groups of requirements in a `pyproject.toml` (PEP 735)."""

from __future__ import annotations

import os
import tomllib
from typing import Any

from .archives import PackageError, canonical
from .project import read_text


def requirements_of_group(named: str) -> list[str]:
    """Returns the requirements of `[PATH:]GROUP`, by default of `pyproject.toml`. Raises PackageError."""
    path, _, group = named.rpartition(":")
    path = os.path.expanduser(path or "pyproject.toml")
    try:
        table = tomllib.loads(read_text(path)).get("dependency-groups", {})
        groups = {canonical(name): members for name, members in table.items()}
    except (OSError, ValueError, AttributeError) as error:
        raise PackageError(f"Cannot read the groups of {path}: {getattr(error, 'strerror', None) or error}") from None
    return list(dict.fromkeys(_members(groups, canonical(group), path, ())))


def _members(groups: dict[str, Any], group: str, path: str, within: tuple[str, ...]) -> list[str]:
    members = groups.get(group)
    if not isinstance(members, list) or group in within:
        reason = "they include each other" if group in within else "there is no such list"
        raise PackageError(f"Cannot read the group {group!r} of {path}: {reason}")
    found: list[str] = []
    for member in members:
        if isinstance(member, str):
            found.append(member)
        elif isinstance(member, dict) and isinstance(other := member.get("include-group"), str):
            found += _members(groups, canonical(other), path, (*within, group))
        else:
            raise PackageError(f"Cannot read the group {group!r} of {path}: {member!r} is no requirement")
    return found
