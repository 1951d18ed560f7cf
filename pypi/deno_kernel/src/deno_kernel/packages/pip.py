"""The commands of pip."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from .archives import PackageError, canonical
from .building import local_wheels
from .dependency_groups import requirements_of_group
from .installed import installed
from .known_modules import known_packages
from .pip_reports import add_choices, add_hash_options, add_list_options, freeze, hash_files, inspect, list_packages, show
from .projects import write_editable_wheel
from .requirements_file import Requirements, read_requirements_file

if TYPE_CHECKING:
    from .installer import Packages

# The server decides where packages come from, and nothing is built, kept or asked for here.
_WITHOUT_EFFECT = (
    "--user", "--no-cache-dir", "--disable-pip-version-check", "--no-input", "--no-warn-script-location",
    "--break-system-packages", "--no-build-isolation", "--no-warn-conflicts",
    "--no-color", "--system", "--no-compile", "--compile", "--use-pep517", "--isolated", "--no-clean", "--debug",
    "--require-virtualenv", "--no-python-version-warning", "--check-build-dependencies", "--no-cache",
)  # fmt: skip
_WITHOUT_EFFECT_VALUES = (
    "-i", "--index-url", "--extra-index-url", "--trusted-host",
    "--progress-bar", "--timeout", "--retries", "--cache-dir", "--root-user-action", "--upgrade-strategy", "--cert",
    "--python", "--proxy", "--log", "--exists-action", "-C", "--config-settings", "--src", "--client-cert",
    "--keyring-provider", "--use-feature", "--use-deprecated", "--global-option",
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
        found.add_argument("--no-deps", "--no-dependencies", action="store_true")
        found.add_argument("--require-hashes", action="store_true")
        found.add_argument("--group", action="append", default=[])
        found.add_argument("--only-binary", action=_FormatAction, dest="formats", default=[])
        found.add_argument("--no-binary", action=_FormatAction, dest="formats", default=[])
        found.add_argument("--prefer-binary", action="store_true")
        return found

    install = requiring("install", _install)
    install.add_argument("-e", "--editable", action="append", default=[])
    install.add_argument("-U", "--upgrade", action="store_true")
    install.add_argument("--force-reinstall", "--reinstall", "-I", "--ignore-installed", action="store_true")
    install.add_argument("-t", "--target", default=None)
    install.add_argument("--dry-run", action="store_true")
    for name, options in (("download", ("-d", "--dest")), ("wheel", ("-w", "--wheel-dir"))):
        requiring(name, _download).add_argument(*options, dest="directory", default=".")
    uninstall = command("uninstall", _uninstall, "names")
    uninstall.add_argument("-y", "--yes", action="store_true")
    uninstall.add_argument("-r", "--requirement", action="append", default=[])
    add_list_options(command("list", list_packages))
    freezing = command("freeze", freeze)
    add_choices(freezing)
    freezing.add_argument("--all", action="store_true", help=argparse.SUPPRESS)
    command("show", show, "names").add_argument("-f", "--files", action="store_true")
    add_choices(command("inspect", inspect))
    add_hash_options(command("hash", hash_files, "names"))
    command("search", _search, "names")
    command("check", _check)
    index = command("index", _index, "names")
    index.add_argument("--pre", action="store_true")
    command("config", _config, "words")
    command("cache", _cache, "words")
    return parser


def _install(packages: Packages, options: argparse.Namespace) -> None:
    with Requirements() as wanted:
        _read(packages, options, wanted)
        try:
            _install_wanted(packages, options, wanted)
        except PackageError as error:
            raise PackageError(f"{error}{_other_names(wanted)}") from None


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
    elif done.satisfied or not done.notes or not all(note.startswith("Ignoring ") for note in done.notes):
        print(f"There already: {' '.join(wanted.requirements)}")
    for line in done.pinned:
        print(f"  {line}")
    for note in done.notes:
        print(note)


def _other_names(wanted: Requirements) -> str:
    """Returns sentences about names that are those of modules, and not of their packages."""
    known = known_packages()
    names = {it: known[it] for it in wanted.requirements if canonical(known.get(it, it)) != canonical(it)}
    return "".join(f"\nThe module {module} comes with the package {package}" for module, package in names.items())


def _search(packages: Packages, options: argparse.Namespace) -> None:
    raise PackageError("Cannot search: indexes answer no such questions any more; %pip index versions NAME looks for a name")


def _download(packages: Packages, options: argparse.Namespace) -> None:
    """Saves wheels; `pip wheel` does the same, because only what has a wheel can be had."""
    with Requirements() as wanted:
        _read(packages, options, wanted)
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


def _read(packages: Packages, options: argparse.Namespace, wanted: Requirements) -> None:
    """Adds what files and a command line name. Raises PackageError if that is nothing."""
    wanted.download = packages.questions.download_text
    for path in options.requirement:
        read_requirements_file(path, wanted)
    for path in options.constraint:
        read_requirements_file(path, wanted, constrains=True)
    wanted.requirements += [write_editable_wheel(it, wanted.built) for it in getattr(options, "editable", ())]
    for group in options.group:
        wanted.requirements += requirements_of_group(group)
    wanted.requires_hashes |= options.require_hashes
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


def _check(packages: Packages, options: argparse.Namespace) -> None:
    broken = packages.questions.check()
    if broken:
        raise PackageError("\n".join(broken))
    print("No broken requirements found.")


def _index(packages: Packages, options: argparse.Namespace) -> None:
    if len(options.names) != 2 or options.names[0] != "versions":
        raise PackageError("pip index: use it as in %pip index versions NAME")
    name = options.names[1]
    versions = packages.questions.versions(name)
    print(f"{name} ({versions[0]})\nAvailable versions: {', '.join(versions)}")
    there = {canonical(it): version for it, version in installed().items()}.get(canonical(name))
    if there is not None:
        print(f"  INSTALLED: {there}\n  LATEST:    {versions[0]}")


def _config(packages: Packages, options: argparse.Namespace) -> None:
    action, *rest = options.words or ["list"]
    url = packages.questions.index_url()
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
