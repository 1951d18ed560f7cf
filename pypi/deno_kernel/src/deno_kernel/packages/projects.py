"""Makes wheels of projects whose modules stay where they are, as `pip install -e` does.

A project is described by its `pyproject.toml` or `setup.cfg`. Nothing of it is executed, and nothing is built.
"""

from __future__ import annotations

import configparser
import io
import json
import os
import re
import tempfile
import tomllib
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .archives import PackageError, canonical

_VERSION = re.compile(r"""^(?:__version__|VERSION|version)\s*(?::\s*\w+\s*)?=\s*['"]([^'"]+)['"]""", re.MULTILINE)
_MOST_BYTES = 2**20
"""The size up to which the files of a project are read."""


@dataclass
class _Project:
    """The description of a project."""

    name: str
    version: str
    root: str
    """The directory that its modules are imported from."""
    summary: str = ""
    python: str = ""
    requirements: list[str] = field(default_factory=list)
    extras: dict[str, list[str]] = field(default_factory=dict)
    entry_points: dict[str, dict[str, str]] = field(default_factory=dict)


def write_editable_wheel(requirement: str) -> str:
    """Writes the wheel of a project, `DIRECTORY` or `DIRECTORY[EXTRAS]`, and returns it as a requirement.

    Raises PackageError if the directory is no project, or one that would have to be built.
    """
    match = re.fullmatch(r"(?P<path>.*?)(?P<extras>\[[^\]]*\])?", requirement.removeprefix("file://"), re.DOTALL)
    assert match is not None
    directory = os.path.abspath(os.path.expanduser(match["path"]))
    project = _read(directory)
    file_name = f"{_file_part(project.name)}-{_file_part(project.version)}-0editable-py3-none-any.whl"
    path = os.path.join(tempfile.mkdtemp(prefix="editable-"), file_name)
    with open(path, "wb") as file:
        file.write(_wheel(project, directory))
    return path + (match["extras"] or "")


def _read(directory: str) -> _Project:
    def failed(reason: str) -> PackageError:
        return PackageError(f"Cannot install the project in {directory}: {reason}")

    if not os.path.isdir(directory):
        raise failed("there is no such directory")
    toml, cfg = os.path.join(directory, "pyproject.toml"), os.path.join(directory, "setup.cfg")
    try:
        described = tomllib.loads(_text(toml)) if os.path.exists(toml) else {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise failed(f"its pyproject.toml cannot be read ({error})") from None
    try:
        if "project" in described:
            return _from_table(described, directory)
        if os.path.exists(cfg):
            return _from_cfg(_text(cfg), directory)
    except (OSError, UnicodeDecodeError, configparser.Error, KeyError, TypeError, AttributeError, ValueError) as error:
        raise failed(f"its description cannot be read ({type(error).__name__}: {error})") from None
    raise failed("it has neither a pyproject.toml with a table [project] nor a setup.cfg, and nothing can be built here")


def _from_table(described: dict[str, Any], directory: str) -> _Project:
    table, tools = described["project"], described.get("tool", {})
    root = _root(tools, directory)
    entry_points = {**table.get("entry-points", {}), "console_scripts": table.get("scripts", {}),
                    "gui_scripts": table.get("gui-scripts", {})}  # fmt: skip
    return _Project(
        table["name"],
        table.get("version") or _found_version(tools, directory, root, table["name"]),
        root,
        table.get("description", ""),
        table.get("requires-python", ""),
        list(table.get("dependencies", [])),
        {name: list(needed) for name, needed in table.get("optional-dependencies", {}).items()},
        entry_points,
    )


def _from_cfg(text: str, directory: str) -> _Project:
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
    return _Project(
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
        if os.path.isfile(path) and (match := _VERSION.search(_text(path))):
            return match[1]
    raise ValueError("its version is only known when it is built")


def _text(path: str) -> str:
    if os.path.getsize(path) > _MOST_BYTES:
        raise ValueError(f"{os.path.basename(path)} is larger than {_MOST_BYTES} bytes")
    with open(path, encoding="utf-8") as file:
        return file.read()


def _file_part(text: str) -> str:
    return re.sub(r"[^\w.+!]+", "_", text)


def _wheel(project: _Project, directory: str) -> bytes:
    stem = f"{_file_part(project.name)}-{_file_part(project.version)}"
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
    groups = [
        f"[{group}]\n" + "".join(f"{name} = {target}\n" for name, target in points.items())
        for group, points in project.entry_points.items()
        if points
    ]
    url = {"url": Path(directory).as_uri(), "dir_info": {"editable": True}}
    files = {
        f"__editable__.{stem}.pth": f"{project.root}\n",
        f"{stem}.dist-info/METADATA": "\n".join(lines) + "\n\n",
        f"{stem}.dist-info/WHEEL": "Wheel-Version: 1.0\nGenerator: deno_kernel\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{stem}.dist-info/direct_url.json": json.dumps(url),
        **({f"{stem}.dist-info/entry_points.txt": "\n".join(groups)} if groups else {}),
    }
    files[f"{stem}.dist-info/RECORD"] = "".join(f"{name},,\n" for name in [*files, f"{stem}.dist-info/RECORD"])
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return content.getvalue()
