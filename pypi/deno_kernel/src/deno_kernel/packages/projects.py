"""Makes wheels of projects: of those whose modules stay where they are, as `pip install -e` does, and of pure Python.

A project is described by its `pyproject.toml` or `setup.cfg`. Nothing of it is executed, and nothing is compiled.
"""

from __future__ import annotations

import configparser
import csv
import io
import json
import os
import re
import shutil
import tempfile
import tomllib
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

from .archives import PackageError, canonical
from .poetry import read_poetry
from .project import Project, SourcesError, read_text
from .released import read_released
from .setup_py import read_setup

_VERSION = re.compile(r"""^(?:__version__|VERSION|version)\s*(?::\s*\w+\s*)?=\s*['"]([^'"]+)['"]""", re.MULTILINE)


class BuiltWheels:
    """A `BuiltWheels` is a context for wheels that are built of projects: their files end with it."""

    def __init__(self) -> None:
        self._directories: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        while self._directories:
            shutil.rmtree(self._directories.pop(), ignore_errors=True)

    def directory(self) -> str:
        """Makes the directory of another wheel."""
        self._directories.append(tempfile.mkdtemp(prefix="built-"))
        return self._directories[-1]


def write_editable_wheel(requirement: str, into: BuiltWheels) -> str:
    """Writes the wheel of a project, `DIRECTORY` or `DIRECTORY[EXTRAS]`, and returns it as a requirement.

    Raises PackageError if the directory is no project, or one that would have to be built.
    """
    match = re.fullmatch(r"(?P<path>.*?)(?P<extras>\[[^\]]*\])?", requirement.removeprefix("file://"), re.DOTALL)
    assert match is not None
    directory = os.path.abspath(os.path.expanduser(match["path"]))
    project = read_project(directory)
    origin = {"url": Path(directory).as_uri(), "dir_info": {"editable": True}}
    files = {f"__editable__.{project.stem}.pth": f"{project.root}\n".encode()}
    return write_wheel(project, files, origin, into, build="0editable") + (match["extras"] or "")


def read_project(directory: str, shown: str | None = None) -> Project:
    """Reads the description in a directory, which messages call `shown`. Raises PackageError."""

    def failed(reason: str) -> PackageError:
        return SourcesError(f"Cannot install the project in {shown or directory}: {reason}", reason)

    if not os.path.isdir(directory):
        raise failed("there is no such directory")
    toml, cfg, setup = (os.path.join(directory, it) for it in ("pyproject.toml", "setup.cfg", "setup.py"))
    try:
        described = tomllib.loads(read_text(toml)) if os.path.exists(toml) else {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise failed(f"its pyproject.toml cannot be read ({error})") from None
    try:
        if "project" in described:
            try:
                return _from_table(described, directory)
            except ValueError:
                # An archive of sources tells more than the project that it was made of.
                if (project := read_released(directory, described)) is None:
                    raise
                return project
        if (project := read_released(directory, described)) is not None:
            return project
        if "poetry" in described.get("tool", {}):
            return read_poetry(described, directory)
        if os.path.exists(cfg) and "metadata" in read_text(cfg):
            return _from_cfg(read_text(cfg), directory)
        if os.path.exists(setup) and (project := read_setup(read_text(setup), directory)) is not None:
            version = project.version or _found_version({}, directory, project.root, project.name)
            return replace(project, version=version)
    except (OSError, UnicodeDecodeError, configparser.Error, KeyError, TypeError, AttributeError, ValueError) as error:
        if type(error) is ValueError:
            raise failed(str(error)) from None
        raise failed(f"its description cannot be read ({type(error).__name__}: {error})") from None
    raise failed(
        "it has neither a pyproject.toml with a table [project] nor a setup.cfg, nor a setup.py that tells its name as a text, "
        "and nothing can be built here"
    )


def _from_table(described: dict[str, Any], directory: str) -> Project:
    table, tools = described["project"], described.get("tool", {})
    root = _root(tools, directory)
    table = _with_files(table, tools, directory)
    entry_points = {**table.get("entry-points", {}), "console_scripts": table.get("scripts", {}),
                    "gui_scripts": table.get("gui-scripts", {})}  # fmt: skip
    return Project(
        table["name"],
        table.get("version") or _found_version(tools, directory, root, table["name"]),
        root,
        table.get("description", ""),
        table.get("requires-python", ""),
        list(table.get("dependencies", [])),
        {name: list(needed) for name, needed in table.get("optional-dependencies", {}).items()},
        entry_points,
        tools,
        described.get("build-system", {}).get("build-backend", ""),
        _named(tools, directory, root),
    )


def _with_files(table: dict[str, Any], tools: dict[str, Any], directory: str) -> dict[str, Any]:
    """Returns the table with the requirements that setuptools is told to read from files.

    Raises ValueError for requirements that only a build tells.
    """
    dynamic, told = table.get("dynamic", []), tools.get("setuptools", {}).get("dynamic", {})
    if "optional-dependencies" in dynamic:
        raise ValueError("its extras are only known when it is built")
    if "dependencies" not in dynamic:
        return table
    files = told.get("dependencies", {}).get("file")
    if not files:
        raise ValueError("its requirements are only known when it is built")
    texts = [read_text(os.path.join(directory, it)) for it in ([files] if isinstance(files, str) else files)]
    lines = [re.sub(r"(^|\s)#.*$", "", line).strip() for text in texts for line in text.splitlines()]
    return {**table, "dependencies": [line for line in lines if line]}


def _named(tools: dict[str, Any], directory: str, root: str) -> list[str]:
    """Returns the packages and modules that build tools are told, as paths relative to the root."""
    setuptools = tools.get("setuptools", {})
    packages = setuptools.get("packages")
    found = [it.replace(".", "/") for it in packages] if isinstance(packages, list) else []
    found += [f"{it}.py" for it in setuptools.get("py-modules", ())]
    wheel = tools.get("hatch", {}).get("build", {}).get("targets", {}).get("wheel", {})
    found += [os.path.relpath(os.path.join(directory, it), root) for it in wheel.get("packages", ())]
    flit = tools.get("flit", {}).get("module", {}).get("name")
    return [*found, *([flit.replace(".", "/")] if flit else [])]


def _from_cfg(text: str, directory: str) -> Project:
    cfg = configparser.ConfigParser(interpolation=None)
    cfg.read_string(text)

    def lines(section: str, name: str) -> list[str]:
        return [line.strip() for line in cfg.get(section, name, fallback="").splitlines() if line.strip()]

    name = cfg["metadata"]["name"]
    places = dict(line.split("=", 1) for line in lines("options", "package_dir"))
    root = os.path.join(directory, {key.strip(): value.strip() for key, value in places.items()}.get("", ""))
    version = cfg.get("metadata", "version", fallback="")
    if not version or ":" in version:
        version = _found_version({}, directory, root, name)
    extras = cfg["options.extras_require"] if cfg.has_section("options.extras_require") else {}
    groups = cfg["options.entry_points"] if cfg.has_section("options.entry_points") else {}
    packages = [it for it in lines("options", "packages") if not it.startswith("find")]
    named = [*(it.replace(".", "/") for it in packages), *(f"{it}.py" for it in lines("options", "py_modules"))]
    return Project(
        name,
        version,
        os.path.normpath(root),
        cfg.get("metadata", "description", fallback=""),
        cfg.get("options", "python_requires", fallback=""),
        lines("options", "install_requires"),
        {extra: lines("options.extras_require", extra) for extra in extras},
        {
            group: {key.strip(): value.strip() for key, value in (it.split("=", 1) for it in lines("options.entry_points", group))}
            for group in groups
        },
        named=named,
    )  # fmt: skip


def _root(tools: dict[str, Any], directory: str) -> str:
    """Returns the directory of the modules: the one that a build tool is told, else `src` if there is one."""
    setuptools = tools.get("setuptools", {})
    packages = setuptools.get("packages", {})
    told = setuptools.get("package-dir", {}).get("")
    if told is None and isinstance(packages, dict):
        told = next(iter(packages.get("find", {}).get("where", [])), None)
    if told is None:
        wheel = tools.get("hatch", {}).get("build", {}).get("targets", {}).get("wheel", {})
        told = next((os.path.dirname(it) for it in wheel.get("packages", [])), None)
    if told is None:
        told = "src" if os.path.isdir(os.path.join(directory, "src")) else ""
    return os.path.normpath(os.path.join(directory, told))


def _found_version(tools: dict[str, Any], directory: str, root: str, name: str) -> str:
    """Returns the version that a module of the project has as a literal; raises ValueError if there is none."""
    told = tools.get("hatch", {}).get("version", {}).get("path")
    module = canonical(name).replace("-", "_")
    modules = [f"{module}/{part}.py" for part in ("__init__", "_version", "version", "__about__", "__version__")]
    paths = [os.path.join(directory, told)] if told else [os.path.join(root, it) for it in (*modules, f"{module}.py")]
    for path in paths:
        if os.path.isfile(path) and (match := _VERSION.search(read_text(path))):
            return match[1]
    info = os.path.join(directory, "PKG-INFO")  # An archive of sources has one, with the version of the release.
    if os.path.isfile(info) and (match := re.search(r"^Version:\s*(\S+)", read_text(info), re.MULTILINE)):
        return match[1]
    raise ValueError("its version is only known when it is built")


def write_wheel(project: Project, files: dict[str, bytes], origin: dict[str, Any] | None, into: BuiltWheels, build: str = "") -> str:
    """Writes the wheel of a project with some files, and returns its path; an `origin` is noted as pip notes one."""
    stem = project.stem
    path = os.path.join(into.directory(), f"{stem}-{build and build + '-'}py3-none-any.whl")
    groups = [
        f"[{group}]\n" + "".join(f"{name} = {target}\n" for name, target in points.items())
        for group, points in project.entry_points.items()
        if points
    ]
    info = {
        "METADATA": _metadata(project),
        "WHEEL": "Wheel-Version: 1.0\nGenerator: deno_kernel\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        **({"direct_url.json": json.dumps(origin)} if origin else {}),
        **({"entry_points.txt": "\n".join(groups)} if groups else {}),
    }
    members = {**files, **{f"{stem}.dist-info/{name}": text.encode() for name, text in info.items()}}
    record = f"{stem}.dist-info/RECORD"
    rows = io.StringIO()
    csv.writer(rows, lineterminator="\n").writerows([name, "", ""] for name in [*members, record])
    members[record] = rows.getvalue().encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def _metadata(project: Project) -> str:
    lines = ["Metadata-Version: 2.1", f"Name: {project.name}", f"Version: {project.version}"]
    lines += [f"Summary: {project.summary.splitlines()[0]}"] if project.summary else []
    lines += [f"Requires-Python: {project.python}"] if project.python else []
    lines += [f"Requires-Dist: {it}" for it in project.requirements]
    for extra, needed in project.extras.items():
        lines.append(f"Provides-Extra: {extra}")
        for requirement in needed:
            name, _, marker = (part.strip() for part in requirement.partition(";"))
            condition = f"({marker}) and extra == '{extra}'" if marker else f"extra == '{extra}'"
            lines.append(f"Requires-Dist: {name} ; {condition}")
    return "\n".join(lines) + "\n\n"
