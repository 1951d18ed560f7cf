"""The commands of pip."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from .archives import PackageError, canonical
from .building import local_wheels
from .installed import installed, metadata_directories
from .projects import write_editable_wheel
from .requirements_file import Requirements, read_requirements_file

if TYPE_CHECKING:
    from .installer import Packages

# The server decides where packages come from, and nothing is built, kept or asked for here.
_WITHOUT_EFFECT = (
    "--user", "--no-cache-dir", "--disable-pip-version-check", "--no-input", "--no-warn-script-location",
    "--break-system-packages", "--no-build-isolation", "--no-warn-conflicts",
    "--no-color", "--system", "--no-compile", "--compile", "--require-hashes", "--use-pep517", "--isolated",
)  # fmt: skip
_WITHOUT_EFFECT_VALUES = (
    "-i", "--index-url", "--extra-index-url", "--trusted-host",
    "--progress-bar", "--timeout", "--retries", "--cache-dir", "--root-user-action", "--upgrade-strategy", "--cert",
    "--python",
)  # fmt: skip
_INDEX_OPTIONS = ("index_url", "extra_index_url")
_NO_CACHE = (
    "pip cache commands can not function since cache is disabled: the server keeps packages for all kernels, "
    "and a kernel keeps none"
)


def run_pip(packages: Packages, words: Sequence[str]) -> None:
    """Runs a command of pip, which prints what it did. Raises PackageError."""
    words = list(words) or ["--help"]
    if words[0] == "help":
        words = [*words[1:], "--help"]
    try:
        options = _parser().parse_args(words)
    except _Told:
        return
    options.run(packages, options)


class _Told(Exception):
    """Ends a command that has only told something about pip."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise PackageError(f"{self.prog}: {message}")

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
        raise _Told


class _FormatAction(argparse.Action):
    """Appends the option and its value: of `--only-binary` and `--no-binary`, the later one counts more."""

    def __call__(self, parser: Any, namespace: Any, values: Any, option: str | None = None) -> None:
        before = getattr(namespace, self.dest)
        setattr(namespace, self.dest, [*before, (str(option).removeprefix("--"), values)])


def _parser() -> _Parser:
    parser = _Parser(prog="pip", allow_abbrev=False)
    version = f"pip of deno_kernel (python {sys.version_info.major}.{sys.version_info.minor})"
    parser.add_argument("-V", "--version", action="version", version=version)
    commands = parser.add_subparsers(required=True, metavar="command", parser_class=_Parser)

    def command(name: str, run: Any, *names: str) -> argparse.ArgumentParser:
        found = commands.add_parser(name, allow_abbrev=False)
        found.set_defaults(run=run)
        for option in _WITHOUT_EFFECT:
            found.add_argument(option, action="store_true", help=argparse.SUPPRESS)
        for option in _WITHOUT_EFFECT_VALUES:
            found.add_argument(option, help=argparse.SUPPRESS, default=None)
        found.add_argument("-q", "--quiet", action="count", default=0)
        found.add_argument("-v", "--verbose", action="count", default=0)
        for argument in names:
            found.add_argument(argument, nargs="*")
        return found

    def requiring(name: str, run: Any) -> argparse.ArgumentParser:
        found = command(name, run, "requirements")
        found.add_argument("-r", "--requirement", action="append", default=[])
        found.add_argument("-c", "--constraint", action="append", default=[])
        found.add_argument("-f", "--find-links", action="append", default=[])
        found.add_argument("--no-index", action="store_true")
        found.add_argument("--pre", action="store_true")
        found.add_argument("--no-deps", action="store_true")
        found.add_argument("--only-binary", action=_FormatAction, dest="formats", default=[])
        found.add_argument("--no-binary", action=_FormatAction, dest="formats", default=[])
        found.add_argument("--prefer-binary", action="store_true")
        return found

    install = requiring("install", _install)
    install.add_argument("-e", "--editable", action="append", default=[])
    install.add_argument("-U", "--upgrade", action="store_true")
    install.add_argument("--force-reinstall", "--reinstall", action="store_true")
    install.add_argument("-t", "--target", default=None)
    install.add_argument("--dry-run", action="store_true")
    for name, options in (("download", ("-d", "--dest")), ("wheel", ("-w", "--wheel-dir"))):
        requiring(name, _download).add_argument(*options, dest="directory", default=".")
    uninstall = command("uninstall", _uninstall, "names")
    uninstall.add_argument("-y", "--yes", action="store_true")
    uninstall.add_argument("-r", "--requirement", action="append", default=[])
    listing = command("list", _list)
    listing.add_argument("--format", choices=("columns", "freeze", "json"), default="columns")
    command("freeze", _freeze)
    command("show", _show, "names")
    command("check", _check)
    index = command("index", _index, "names")
    index.add_argument("--pre", action="store_true")
    command("config", _config, "words")
    command("cache", _cache, "words")
    return parser


def _install(packages: Packages, options: argparse.Namespace) -> None:
    with Requirements() as wanted:
        _read(options, wanted)
        _install_wanted(packages, options, wanted)


def _install_wanted(packages: Packages, options: argparse.Namespace, wanted: Requirements) -> None:
    request = wanted.request(
        upgrade=options.upgrade,
        reinstall=options.force_reinstall,
        prereleases=options.pre,
        dependencies=not options.no_deps,
        no_index=options.no_index,
    )
    if options.target is not None:
        directory = os.path.abspath(os.path.expanduser(options.target))
        done = packages.install_into(request, directory, replaces=options.upgrade or options.force_reinstall)
    else:
        done = packages.plan(request) if options.dry_run else packages.install(request)
    if options.quiet:
        return
    _tell_ignored(options)
    for package in done.replaced:
        print(f"{'Would uninstall' if options.dry_run else 'Uninstalled'} {package}")
    if done.installed:
        print(f"{'Would install' if options.dry_run else 'Installed'} {' '.join(sorted(done.installed))}")
    else:
        print(f"There already: {' '.join(wanted.requirements)}")
    for line in done.pinned:
        print(f"  {line}")
    for note in done.notes:
        print(note)


def _download(packages: Packages, options: argparse.Namespace) -> None:
    """Saves wheels; `pip wheel` does the same, because only what has a wheel can be had."""
    with Requirements() as wanted:
        _read(options, wanted)
        files = packages.files(
            wanted.request(prereleases=options.pre, dependencies=not options.no_deps, no_index=options.no_index)
        )
    directory = os.path.expanduser(options.directory)
    if not options.quiet:
        _tell_ignored(options)
    for file in files:
        path = os.path.join(directory, file.file_name)
        try:
            os.makedirs(directory, exist_ok=True)
            with open(path, "wb") as target:
                target.write(file.content)
        except OSError as error:
            raise PackageError(f"Cannot save {path}: {error.strerror}") from None
        if not options.quiet:
            print(f"Saved {path}")


def _read(options: argparse.Namespace, wanted: Requirements) -> None:
    """Adds what files and a command line name. Raises PackageError if that is nothing."""
    for path in options.requirement:
        read_requirements_file(path, wanted)
    for path in options.constraint:
        read_requirements_file(path, wanted, constrains=True)
    wanted.requirements += [write_editable_wheel(it, wanted.built) for it in getattr(options, "editable", ())]
    for requirement in options.requirements:
        wanted.requirements += local_wheels(requirement, wanted.built)
    for option, names in options.formats:
        wanted.limit_format(option, names)
    wanted.prefer_binary |= options.prefer_binary
    wanted.folders += [it for it in options.find_links if not _is_address(it)]
    if not wanted.requirements:
        raise PackageError('You must give at least one requirement to install (see "%pip install name")')


def _is_address(place: str) -> bool:
    return "://" in place.removeprefix("file://")


def _tell_ignored(options: argparse.Namespace) -> None:
    ignored = [name for name in _INDEX_OPTIONS if getattr(options, name, None)]
    for name in [*ignored, *(["find_links"] if any(map(_is_address, options.find_links)) else [])]:
        print(f"--{name.replace('_', '-')} has no effect: the server decides where packages come from")


def _uninstall(packages: Packages, options: argparse.Namespace) -> None:
    with Requirements() as wanted:
        for path in options.requirement:
            read_requirements_file(path, wanted)
        names = [*wanted.requirements, *options.names]
    if not names:
        raise PackageError("You must give at least one package to uninstall")
    there = {canonical(name) for name in installed()}
    for name in names:
        if canonical(name) not in there:
            print(f"Skipping {name}: it is not installed")
    removed = packages.uninstall(name for name in names if canonical(name) in there)
    if not options.quiet:
        for package in removed:
            print(f"Uninstalled {package}")


def _sorted_packages() -> list[tuple[str, str]]:
    return sorted(installed().items(), key=lambda item: item[0].lower())


def _list(packages: Packages, options: argparse.Namespace) -> None:
    found = _sorted_packages()
    if options.format == "json":
        import json

        print(json.dumps([{"name": name, "version": version} for name, version in found]))
    elif options.format == "freeze":
        _freeze(packages, options)
    elif found:
        left = max(len("Package"), *(len(name) for name, _ in found))
        right = max(len("Version"), *(len(version) for _, version in found))
        print(f"{'Package':{left}} Version\n{'-' * left} {'-' * right}")
        print("\n".join(f"{name:{left}} {version}" for name, version in found))


def _freeze(packages: Packages, options: argparse.Namespace) -> None:
    for name, version in _sorted_packages():
        print(f"{name}=={version}")


def _show(packages: Packages, options: argparse.Namespace) -> None:
    from importlib.metadata import PathDistribution
    from pathlib import Path

    if not options.names:
        raise PackageError("Please give one or more packages to show")
    every = {canonical(it.name): it for it in reversed(list(metadata_directories()))}
    needs = {name: it.needs() for name, it in every.items()}
    missing = [name for name in options.names if canonical(name) not in every]
    for index, name in enumerate(name for name in options.names if canonical(name) in every):
        found = every[canonical(name)]
        metadata = PathDistribution(Path(found.path)).metadata
        users = sorted(every[user].name for user, needed in needs.items() if canonical(name) in needed)
        if index:
            print("---")
        print(f"Name: {found.name}\nVersion: {found.version}")
        for field in ("Summary", "Home-page", "Author", "Author-email", "License"):
            license = metadata.get("License-Expression") if field == "License" else None
            print(f"{field}: {license or metadata.get(field) or ''}")
        print(f"Location: {Path(found.path).parent}")
        print(f"Requires: {', '.join(sorted(needs[canonical(name)]))}\nRequired-by: {', '.join(users)}")
    if missing:
        raise PackageError(f"Package(s) not found: {', '.join(missing)}")


def _check(packages: Packages, options: argparse.Namespace) -> None:
    broken = packages.check()
    if broken:
        raise PackageError("\n".join(broken))
    print("No broken requirements found.")


def _index(packages: Packages, options: argparse.Namespace) -> None:
    if len(options.names) != 2 or options.names[0] != "versions":
        raise PackageError("pip index: use it as in %pip index versions NAME")
    name = options.names[1]
    versions = packages.versions(name)
    print(f"{name} ({versions[0]})\nAvailable versions: {', '.join(versions)}")
    there = {canonical(it): version for it, version in installed().items()}.get(canonical(name))
    if there is not None:
        print(f"  INSTALLED: {there}\n  LATEST:    {versions[0]}")


def _config(packages: Packages, options: argparse.Namespace) -> None:
    action, *rest = options.words or ["list"]
    url = packages.index_url()
    if action in ("list", "debug"):
        if url is not None:
            print(f"global.index-url='{url}'")
    elif action == "get" and rest == ["global.index-url"] and url is not None:
        print(url)
    elif action == "get":
        raise PackageError(f"No such key - {' '.join(rest)}")
    else:
        raise PackageError(f"Cannot do pip config {action}: the server decides where packages come from")


def _cache(packages: Packages, options: argparse.Namespace) -> None:
    if options.words[:1] not in (["purge"], ["remove"]):
        raise PackageError(_NO_CACHE)
    print("Files removed: 0")
