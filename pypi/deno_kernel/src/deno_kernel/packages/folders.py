"""Wheels in folders of the kernel, as `--find-links` names them."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

from .archives import PackageError, canonical

_MOST_FILES = 10_000


def wheels_in(folders: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Returns what folders have as pages of an index (PEP 691), by the canonical names of the projects.

    Raises PackageError for anything but a folder or a wheel of this kernel.
    """
    pages: dict[str, dict[str, Any]] = {}
    for folder in folders:
        for path in _wheels(folder):
            file_name = os.path.basename(path)
            name = canonical(file_name.partition("-")[0])
            pages.setdefault(name, {"name": name, "files": []})["files"].append({"filename": file_name, "url": path})
    return pages


def _wheels(folder: str) -> list[str]:
    place = os.path.abspath(os.path.expanduser(folder.removeprefix("file://")))
    if place.endswith(".whl") and os.path.isfile(place):
        return [place]
    if not os.path.isdir(place):
        raise PackageError(f"Cannot look for packages in {folder}: there is no such folder in this kernel")
    files = sorted(name for name in os.listdir(place) if name.endswith(".whl"))
    return [os.path.join(place, name) for name in files[:_MOST_FILES]]
