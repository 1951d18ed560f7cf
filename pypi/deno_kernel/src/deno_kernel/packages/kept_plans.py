"""Uses plans that the host keeps for all kernels, so that the same question is resolved once."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import re
from collections.abc import Collection, Mapping
from typing import Any

from .archives import PackageError, canonical
from .building import built_name, wheel_of_sources
from .installed import InstalledPackage, metadata_directories
from .package_source import Get
from .plans import Formats, InstallPlan, InstallRequest, PackageFile

_PLAN = "packages:plan/"
_MOST_CHARACTERS = 4_000
"""The size of the questions that a host answers."""
_PLAIN = re.compile(r"[A-Za-z0-9][^@/\\\r\n]*(?<!\.whl)")
"""A requirement by a name; addresses and paths mean something to this kernel alone."""


async def kept_plan(
    get: Get, request: InstallRequest, locked: Mapping[str, Any], without_metadata: Collection[str]
) -> InstallPlan | None:
    """Returns a plan that the host keeps, with its files; None if this kernel has to resolve the request itself.

    Such a plan is made for a kernel in which nothing is installed. It is used if what is installed here makes no
    difference. `without_metadata` are the packages that are here without being found as installed.
    """
    plan = await _ask(get, request)
    if plan is None:
        return None
    installed = [] if request.ignore_installed else list(metadata_directories())
    there = {canonical(it.name): it for it in reversed(installed)}
    steps = [it for it in plan["install"] if canonical(it["name"]) not in without_metadata]
    fresh = [it for it in steps if canonical(it["name"]) not in there]
    satisfied = [it for it in steps if canonical(it["name"]) in there]
    if any(it["version"] != there[canonical(it["name"])].version for it in satisfied):
        return None
    if request.reinstall and any(it["requested"] for it in satisfied):
        return None
    if any(_is_foreign(there[canonical(it["name"])]) for it in satisfied):
        return None
    added = {canonical(it["name"]) for it in fresh}
    if any(not added.isdisjoint(it.needs()) for it in there.values()):
        return None  # The resolution tells if an installed package needs another version.
    try:
        contents = await asyncio.gather(*(_fetch(get, it) for it in fresh))
    except Exception:
        return None  # The resolution looks for other files, or says what is wrong.
    if any(hashlib.sha256(content).hexdigest() != it["sha256"] for it, content in zip(fresh, contents)):
        return None
    try:
        files = tuple(_to_file(it, content, locked) for it, content in zip(fresh, contents))
    except PackageError:
        return None  # The resolution says that sources cannot be built here.
    return InstallPlan(files, tuple(f"{it['name']}-{it['version']}" for it in satisfied), tuple(plan["notes"]))


def question_of(request: InstallRequest) -> dict[str, Any]:
    """Returns the parts of a request that the plan for a kernel without packages depends on."""
    return {
        "requirements": request.requirements,
        "constraints": request.constraints,
        "upgrade": request.upgrade,
        "prereleases": request.prereleases,
        "dependencies": request.dependencies,
    }


async def _ask(get: Get, request: InstallRequest) -> Any:
    if request.folders or request.no_index or request.hashes or request.formats != Formats():
        return None
    if not all(_PLAIN.fullmatch(it) for it in (*request.requirements, *request.constraints)):
        return None
    question = json.dumps(question_of(request))
    if len(question) > _MOST_CHARACTERS:
        return None
    try:
        status, content = await get(_PLAN + question)
    except Exception:
        return None
    return json.loads(content) if status == 200 else None


def _is_foreign(package: InstalledPackage) -> bool:
    """Returns true for a wheel that somebody brought along, which may need something else than that of the plan."""
    return os.path.exists(os.path.join(package.path, "direct_url.json"))


async def _fetch(get: Get, step: Mapping[str, Any]) -> bytes:
    address = step["address"]
    status, content = await get(f"packages:file/{address}" if step["origin"] == "distribution" else address)
    if status != 200:
        raise OSError(f"status {status}")
    return content


def _to_file(step: Mapping[str, Any], content: bytes, locked: Mapping[str, Any]) -> PackageFile:
    is_locked = step["origin"] == "distribution"
    entry = locked[step["address"]] if is_locked else {}
    is_source = not is_locked and not step["file"].endswith(".whl")
    return PackageFile(
        entry.get("name", step["name"]),
        step["version"],
        built_name(step["name"], step["version"]) if is_source else step["file"],
        wheel_of_sources(content, step["file"]) if is_source else content,
        entry.get("install_dir", "site"),
        "pyodide" if is_locked else step["address"],
        step["requested"],
        source_sha256=step["sha256"] if is_source else None,
    )
