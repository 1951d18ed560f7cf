"""The commands of pip that tell about installed packages and files: list, freeze, show, inspect and hash."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterable
from importlib.metadata import PathDistribution
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from .archives import PackageError, canonical
from .installed import InstalledPackage, metadata_directories

if TYPE_CHECKING:
    from .installer import Packages

_HASHES = ("sha256", "sha384", "sha512")


def list_packages(packages: Packages, options: argparse.Namespace) -> None:
    """Prints the installed packages: `pip list`."""
    found = _chosen(options)
    if options.format == "freeze":
        print(*(f"{it.name}=={it.version}" for it in found), sep="\n", end="\n" if found else "")
        return
    rows = [_row(it) for it in found]
    if options.outdated or options.uptodate:
        newest = packages.questions.newest(it.name for it in found)
        is_old = [it.version != newest.get(it.name, it.version) for it in found]
        rows = [row for row, old in zip(rows, is_old) if old == options.outdated]
        for row in rows if options.outdated else ():
            row |= {"latest_version": newest[row["name"]], "latest_filetype": "wheel"}
    if options.format == "json":
        print(json.dumps(rows))
    elif rows:
        _print_table(rows)


def freeze(packages: Packages, options: argparse.Namespace) -> None:
    """Prints the installed packages as requirements: `pip freeze`."""
    for package in _chosen(options):
        origin = _origin(package)
        directory = _editable_directory(origin)
        if directory is not None:
            print(f"# Editable install with no version control ({package.name}=={package.version})\n-e {directory}")
        elif "://" in origin.get("url", ""):
            print(f"{package.name} @ {origin['url']}")
        else:
            print(f"{package.name}=={package.version}")


def show(packages: Packages, options: argparse.Namespace) -> None:
    """Prints what the metadata of packages tells: `pip show`."""
    if not options.names:
        raise PackageError("Please give one or more packages to show")
    every = _installed()
    needs = {name: it.needs() for name, it in every.items()}
    missing = [name for name in options.names if canonical(name) not in every]
    for index, name in enumerate(name for name in options.names if canonical(name) in every):
        found = every[canonical(name)]
        distribution = PathDistribution(Path(found.path))
        metadata = distribution.metadata
        users = sorted(every[user].name for user, needed in needs.items() if canonical(name) in needed)
        if index:
            print("---")
        print(f"Name: {found.name}\nVersion: {found.version}")
        for field in ("Summary", "Home-page", "Author", "Author-email", "License"):
            license = metadata.get("License-Expression") if field == "License" else None
            print(f"{field}: {license or metadata.get(field) or ''}")
        print(f"Location: {Path(found.path).parent}")
        directory = _editable_directory(_origin(found))
        if directory is not None:
            print(f"Editable project location: {directory}")
        print(f"Requires: {', '.join(sorted(needs[canonical(name)]))}\nRequired-by: {', '.join(users)}")
        if options.files:
            print("Files:", *(f"  {it}" for it in sorted(map(str, distribution.files or ()))), sep="\n")
    if missing:
        raise PackageError(f"Package(s) not found: {', '.join(missing)}")


def inspect(packages: Packages, options: argparse.Namespace) -> None:
    """Prints all that is known of the installed packages as JSON: `pip inspect`."""
    import platform

    found = []
    for package in _chosen(options):
        distribution: Any = PathDistribution(Path(package.path))
        origin = _origin(package)
        found.append({
            "metadata": distribution.metadata.json,
            "metadata_location": package.path,
            **({"direct_url": origin} if origin else {}),
            "installer": (distribution.read_text("INSTALLER") or "").strip(),
            "requested": distribution.read_text("REQUESTED") is not None,
        })  # fmt: skip
    environment = {
        "implementation_name": sys.implementation.name, "os_name": os.name, "sys_platform": sys.platform,
        "platform_machine": platform.machine(), "platform_system": platform.system(),
        "python_full_version": platform.python_version(), "python_version": f"{sys.version_info.major}.{sys.version_info.minor}",
    }  # fmt: skip
    print(json.dumps({"version": "1", "pip_version": "0", "installed": found, "environment": environment}, indent=2))


def hash_files(packages: Packages, options: argparse.Namespace) -> None:
    """Prints the hashes of files, as requirements name them: `pip hash`."""
    import hashlib

    if not options.names:
        raise PackageError("You must give at least one file to hash")
    for path in options.names:
        try:
            with open(os.path.expanduser(path), "rb") as file:
                digest = hashlib.file_digest(file, options.algorithm).hexdigest()
        except OSError as error:
            raise PackageError(f"Cannot read {path}: {error.strerror}") from None
        print(f"{path}:\n--hash={options.algorithm}:{digest}")


def add_choices(parser: argparse.ArgumentParser) -> None:
    """Adds the options that choose among installed packages."""
    parser.add_argument("--exclude", action="append", default=[])
    parser.add_argument("--path", action="append", default=None)
    parser.add_argument("-l", "--local", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--exclude-editable", action="store_true")


def add_list_options(parser: argparse.ArgumentParser) -> None:
    """Adds the options of `pip list`."""
    add_choices(parser)
    parser.add_argument("--format", choices=("columns", "freeze", "json"), default="columns")
    parser.add_argument("-o", "--outdated", action="store_true")
    parser.add_argument("-u", "--uptodate", action="store_true")
    parser.add_argument("-e", "--editable", action="store_true")
    parser.add_argument("--include-editable", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--not-required", action="store_true")
    parser.add_argument("--pre", action="store_true", help=argparse.SUPPRESS)


def add_hash_options(parser: argparse.ArgumentParser) -> None:
    """Adds the options of `pip hash`."""
    parser.add_argument("-a", "--algorithm", choices=_HASHES, default="sha256")


def _installed(directories: Iterable[str] | None = None) -> dict[str, InstalledPackage]:
    """Returns the installed packages by their canonical names; of several versions the one that Python imports."""
    return {canonical(it.name): it for it in reversed(list(metadata_directories(directories)))}


def _chosen(options: argparse.Namespace) -> list[InstalledPackage]:
    """Returns the packages that options choose, by their names."""
    every = _installed(options.path)
    without = {canonical(name) for name in options.exclude}
    if getattr(options, "not_required", False):
        without |= {name for it in every.values() for name in it.needs()}
    found = [it for name, it in every.items() if name not in without]
    if options.exclude_editable or getattr(options, "editable", False):
        wanted = not options.exclude_editable
        found = [it for it in found if (_editable_directory(_origin(it)) is not None) == wanted]
    return sorted(found, key=lambda it: it.name.lower())


def _origin(package: InstalledPackage) -> dict[str, Any]:
    """Returns the address or directory that a package was installed from; empty if it came by its name."""
    try:
        with open(os.path.join(package.path, "direct_url.json"), encoding="utf-8") as file:
            found = json.load(file)
        return found if isinstance(found, dict) and isinstance(found.get("url"), str) else {}
    except (OSError, ValueError):
        return {}


def _editable_directory(origin: dict[str, Any]) -> str | None:
    is_editable = isinstance(origin.get("dir_info"), dict) and origin["dir_info"].get("editable")
    return unquote(urlsplit(origin["url"]).path) if is_editable else None


def _row(package: InstalledPackage) -> dict[str, str]:
    directory = _editable_directory(_origin(package))
    location = {} if directory is None else {"editable_project_location": directory}
    return {"name": package.name, "version": package.version, **location}


_HEADS = {
    "name": "Package", "version": "Version", "latest_version": "Latest", "latest_filetype": "Type",
    "editable_project_location": "Editable project location",
}  # fmt: skip


def _print_table(rows: list[dict[str, str]]) -> None:
    keys = [key for key in _HEADS if any(key in row for row in rows)]
    cells = [[_HEADS[key] for key in keys], *([row.get(key, "") for key in keys] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells)]
    lines = [" ".join(f"{text:{width}}" for text, width in zip(row, widths)).rstrip() for row in cells]
    print("\n".join([lines[0], " ".join("-" * width for width in widths), *lines[1:]]))
