"""The description of a project, whatever file it is read from."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import Any

from .archives import PackageError

_MOST_BYTES = 2**20
"""The size up to which the files of a project are read."""


class SourcesError(PackageError):
    """A `SourcesError` says that sources cannot be built or installed here; the `reason` is a clause."""

    def __init__(self, text: str, reason: str) -> None:
        super().__init__(text)
        self.reason = reason


@dataclass
class Project:
    """A `Project` is the description of a directory with the sources of a package."""

    name: str
    version: str
    root: str
    """The directory that its modules are imported from."""
    summary: str = ""
    python: str = ""
    requirements: list[str] = field(default_factory=list)
    extras: dict[str, list[str]] = field(default_factory=dict)
    entry_points: dict[str, dict[str, str]] = field(default_factory=dict)
    tools: dict[str, Any] = field(default_factory=dict)
    """The tables of its build tools."""
    backend: str = ""
    """The build tool, as `pyproject.toml` names it."""
    named: list[str] = field(default_factory=list)
    """The packages and modules that its description names, relative to the root; none: they are to be found."""

    @property
    def stem(self) -> str:
        """The beginning of the names of its wheel and of its metadata."""
        return f"{_file_part(self.name)}-{_file_part(self.version)}"


def read_text(path: str) -> str:
    """Returns the text of a file; raises ValueError if it is very large."""
    if os.path.getsize(path) > _MOST_BYTES:
        raise ValueError(f"{os.path.basename(path)} is larger than {_MOST_BYTES} bytes")
    with open(path, encoding="utf-8") as file:
        return file.read()


def _file_part(text: str) -> str:
    return re.sub(r"[^\w.+!]+", "_", text)
