"""The support of the tests: it puts the package with its libraries on the path, and makes sources of packages up."""

from __future__ import annotations

import asyncio
import atexit
import hashlib
import io
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent


def assemble() -> None:
    """Puts the package with the libraries of requirements.txt, as kernels get it, on the path."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "deno-resolver-tests")
    cache.mkdir(parents=True, exist_ok=True)
    options = ["--quiet", "--no-deps", "--require-hashes", "--only-binary=:all:", "--find-links", str(cache)]
    command = [sys.executable, "-m", "pip", "download", *options, "--dest", str(cache), "-r", "requirements.txt"]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    directory = Path(tempfile.mkdtemp(prefix="deno-resolver-"))
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    shutil.copytree(ROOT / "src", directory, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    for wheel in sorted(cache.glob("*.whl")):
        with zipfile.ZipFile(wheel) as archive:
            members = [name for name in archive.namelist() if ".dist-info/" not in name]
            archive.extractall(directory / "deno_resolver" / "_vendor", members)
    sys.path.insert(0, str(directory))


if "deno_resolver" not in sys.modules:
    assemble()

import deno_resolver  # noqa: E402
from deno_resolver import Environment, FileUnavailable, Installed, Plan, Question, SourcesUnusable, SourceUnreachable  # noqa: E402

PLATFORM = "pyemscripten_2026_0_wasm32"
ENVIRONMENT = Environment(
    (3, 14),
    PLATFORM,
    {
        "implementation_name": "cpython",
        "implementation_version": "3.14.2",
        "os_name": "posix",
        "platform_machine": "wasm32",
        "platform_python_implementation": "CPython",
        "platform_release": "",
        "platform_system": "Emscripten",
        "platform_version": "",
        "python_full_version": "3.14.2",
        "python_version": "3.14",
        "sys_platform": "emscripten",
    },
)


def metadata(
    name: str, version: str, needs: tuple[str, ...] = (), extras: tuple[str, ...] = (), python: str = ""
) -> str:
    """The text of METADATA."""
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
    lines += [f"Provides-Extra: {extra}" for extra in extras]
    lines += [f"Requires-Dist: {need}" for need in needs]
    if python:
        lines.append(f"Requires-Python: {python}")
    return "\n".join(lines) + "\n\nIts description.\n"


def wheel(name: str, version: str, **described: Any) -> bytes:
    """A wheel with nothing but metadata."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(f"{name.replace('-', '_')}-{version}.dist-info/METADATA", metadata(name, version, **described))
    return content.getvalue()


class MadeUp:
    """A source whose packages are made up by a test."""

    def __init__(self) -> None:
        self.installed: dict[str, Installed] = {}
        self.built_in: dict[str, str] = {}
        self.locked: dict[str, dict[str, Any]] = {}
        self.pages: dict[str, dict[str, Any]] = {}
        self.found: dict[str, dict[str, Any]] = {}
        self.files: dict[str, bytes] = {}
        self.described: dict[str, bytes] = {}
        """The metadata that can be read out of wheels, by the addresses of these."""
        self.asked: list[str] = []
        self.is_index_down = False
        self.is_distribution_down = False

    def install(self, name: str, version: str, needs: tuple[str, ...] = ()) -> None:
        """Has a package installed."""
        self.installed[name] = Installed(version, metadata(name, version, needs))

    def lock(
        self, name: str, version: str, depends: tuple[str, ...] = (), key: str | None = None, **described: Any
    ) -> None:
        """Has a package in the distribution."""
        content = wheel(name, version, **described)
        file_name = f"{name.replace('-', '_')}-{version}-py3-none-any.whl"
        sha256 = hashlib.sha256(content).hexdigest()
        self.files[f"locked {key or name}"] = content
        entry = {"name": name, "version": version, "file_name": file_name, "depends": list(depends), "sha256": sha256}
        self.locked[key or name] = entry

    def index(
        self,
        name: str,
        version: str,
        tags: str = "py3-none-any",
        described_apart: bool = True,
        yanked: Any = False,
        page_python: str | None = None,
        **described: Any,
    ) -> None:
        """Has a wheel in the index."""
        content = wheel(name, version, **described)
        file_name = f"{name.replace('-', '_')}-{version}-{tags}.whl"
        url = f"https://files.example/{file_name}"
        self.files[url] = content
        file: dict[str, Any] = {
            "filename": file_name,
            "url": url,
            "hashes": {"sha256": hashlib.sha256(content).hexdigest()},
            "yanked": yanked,
            "requires-python": page_python,
        }
        if described_apart:
            text = metadata(name, version, **described).encode()
            file["core-metadata"] = {"sha256": hashlib.sha256(text).hexdigest()}
            self.files[f"{url}.metadata"] = text
        self.pages.setdefault(name, {"name": name, "files": []})["files"].append(file)

    def index_sources(self, name: str, version: str, reason: str | None = None, size: int | None = None, **described: Any) -> None:
        """Has an archive of sources in the index, which cannot be built if there is a reason for that."""
        url = f"https://files.example/{name}-{version}.tar.gz"
        self.files[url] = reason.encode() if reason else wheel(name, version, **described)
        files = self.pages.setdefault(name, {"name": name, "files": []})["files"]
        files.append({"filename": f"{name}-{version}.tar.gz", "url": url, "yanked": False, "size": size})

    def build(self, content: bytes, file_name: str) -> bytes:
        """See Source."""
        if content.startswith(b"PK"):
            return content
        raise SourcesUnusable(content.decode())

    async def page(self, name: str) -> dict[str, Any] | None:
        """See Source."""
        self.asked.append(f"page {name}")
        await asyncio.sleep(0)
        if self.is_index_down:
            raise SourceUnreachable("Cannot reach the index")
        return self.pages.get(name)

    async def fetch(self, url: str) -> bytes:
        """See Source."""
        self.asked.append(url.rpartition("/")[2])
        return self._file(url)

    async def metadata(self, url: str) -> bytes | None:
        """See Source."""
        return self.described.get(url)

    async def named(self, url: str) -> bytes:
        """See Source."""
        return await self.fetch(url)

    async def package(self, name: str) -> bytes:
        """See Source."""
        self.asked.append(f"package {name}")
        if self.is_distribution_down:
            raise SourceUnreachable("Cannot reach the distribution")
        return self._file(f"locked {name}")

    async def read(self, path: str) -> bytes:
        """See Source."""
        return self._file(path)

    def _file(self, key: str) -> bytes:
        if key not in self.files:
            raise FileUnavailable(f"There is no {key}")
        return self.files[key]


def resolve(source: MadeUp, *requirements: str, **options: Any) -> Plan:
    """Resolves, and returns the plan."""
    question = Question(requirements, **options)
    return asyncio.run(deno_resolver.resolve(question, source, ENVIRONMENT))


def planned(source: MadeUp, *requirements: str, **options: Any) -> list[str]:
    """Resolves, and returns what would be installed, as `name-version`."""
    plan = resolve(source, *requirements, **options)
    return [f"{step.release.name}-{step.release.version}" for step in plan.steps]
