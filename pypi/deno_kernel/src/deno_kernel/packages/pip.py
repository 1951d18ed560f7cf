"""The commands of pip: install, uninstall, list, freeze, show, check, and index versions."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from .archives import PackageError, canonical
from .installed import installed, metadata_directories
from .projects import write_editable_wheel
from .requirements_file import Requirements, read_requirements_file

if TYPE_CHECKING:
    from .installer import Packages

# The server decides where packages come from, and nothing is built, kept or asked for here.
_WITHOUT_EFFECT = (
    "--user", "--no-cache-dir", "--disable-pip-version-check", "--no-input", "--no-warn-script-location",
    "--break-system-packages", "--no-build-isolation", "--prefer-binary", "--no-warn-conflicts", "--no-index",
    "--no-color", "--system", "--no-compile", "--compile", "--require-hashes", "--use-pep517", "--isolated",
)  # fmt: skip
_WITHOUT_EFFECT_VALUES = (
    "-i", "--index-url", "--extra-index-url", "-f", "--find-links", "--trusted-host", "--only-binary", "--no-binary",
    "--progress-bar", "--timeout", "--retries", "--cache-dir", "--root-user-action", "--upgrade-strategy", "--cert",
    "--python",
)  # fmt: skip
_INDEX_OPTIONS = ("index_url", "extra_index_url", "find_links")


def run_pip(packages: Packages, words: Sequence[str]) -> None:
    """Runs a command of pip, which prints what it did. Raises PackageError."""
    options = _parser().parse_args(list(words))
    options.run(packages, options)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise PackageError(f"{self.prog}: {message}")

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
        raise PackageError(message or self.format_usage().strip())

    def print_help(self, file: Any = None) -> None:
        raise PackageError(self.format_usage().strip())


def _parser() -> _Parser:
    parser = _Parser(prog="pip", allow_abbrev=False)
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

    install = command("install", _install, "requirements")
    install.add_argument("-r", "--requirement", action="append", default=[])
    install.add_argument("-c", "--constraint", action="append", default=[])
    install.add_argument("-e", "--editable", action="append", default=[])
    install.add_argument("-U", "--upgrade", action="store_true")
    install.add_argument("--force-reinstall", "--reinstall", action="store_true")
    install.add_argument("--pre", action="store_true")
    install.add_argument("--no-deps", action="store_true")
    install.add_argument("--dry-run", action="store_true")
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
    return parser


def _install(packages: Packages, options: argparse.Namespace) -> None:
    wanted = Requirements()
    for path in options.requirement:
        read_requirements_file(path, wanted)
    for path in options.constraint:
        read_requirements_file(path, wanted, constrains=True)
    wanted.requirements += [write_editable_wheel(it) for it in options.editable]
    for requirement in options.requirements:
        if "://" not in requirement and os.path.isdir(requirement.partition("[")[0]):
            raise PackageError(f"Cannot build the project in {requirement}: install it with -e {requirement}")
    wanted.requirements += options.requirements
    if not wanted.requirements:
        raise PackageError('You must give at least one requirement to install (see "%pip install name")')
    request = wanted.request(
        upgrade=options.upgrade,
        reinstall=options.force_reinstall,
        prereleases=options.pre,
        dependencies=not options.no_deps,
    )
    done = packages.plan(request) if options.dry_run else packages.install(request)
    if options.quiet:
        return
    for name in _INDEX_OPTIONS:
        if getattr(options, name, None):
            print(f"--{name.replace('_', '-')} has no effect: the server decides where packages come from")
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


def _uninstall(packages: Packages, options: argparse.Namespace) -> None:
    wanted = Requirements()
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
