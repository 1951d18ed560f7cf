from __future__ import annotations

import io
import os
import sys
import tempfile
import types
import zipfile
from typing import Any

from deno_kernel.packages.archives import Archive, PackageError, unpack_wheel
from deno_kernel.packages.installed import installed
from deno_kernel.packages.installer import Packages

from .support import KernelCase


def wheel(name: str, version: str, files: dict[str, str], requires: str = "") -> bytes:
    info = f"{name}-{version}.dist-info"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{requires}\n")
        archive.writestr(f"{info}/RECORD", "")
    return stream.getvalue()


class DirectorySource:
    """A `DirectorySource` has packages in memory, and unpacks them into a directory."""

    def __init__(self, directory: str) -> None:
        self.directory = directory
        self.packages: dict[str, dict[str, Any]] = {}
        self.files: dict[str, bytes] = {}
        self.index_url: str | None = None
        self.fetched: list[str] = []

    def add(self, name: str, version: str, files: dict[str, str], depends: tuple[str, ...] = ()) -> None:
        file_name = f"{name}-{version}-py3-none-any.whl"
        modules = sorted({path.partition("/")[0].removesuffix(".py") for path in files})
        self.packages[name] = {
            "name": name, "version": version, "file_name": file_name, "imports": modules, "depends": list(depends),
        }  # fmt: skip
        self.files[name] = wheel(name, version, files)

    async def list(self) -> dict[str, Any]:
        return {"lock": {"packages": self.packages}, "indexUrl": self.index_url}

    async def file(self, name: str) -> bytes:
        self.fetched.append(name)
        if name not in self.files:
            raise OSError("Cannot reach the distribution")
        return self.files[name]

    def directory_of(self, place: str) -> str:
        return self.directory

    async def install(self, archive: Archive, place: str, origin: str) -> None:
        archive.unpack(self.directory)

    def loaded(self, name: str, origin: str) -> None:
        pass


class PackageCase(KernelCase):
    def setUp(self) -> None:
        super().setUp()
        directory = self.enterContext(tempfile.TemporaryDirectory())
        sys.path.insert(0, directory)
        self.addCleanup(sys.path.remove, directory)
        before = set(sys.modules)
        self.addCleanup(lambda: [sys.modules.pop(name) for name in set(sys.modules) - before])
        self.source = DirectorySource(directory)
        self.source.add("alpha", "1.0", {"alpha.py": "import beta\nvalue = beta.value + 1"}, ("beta",))
        self.source.add("beta", "2.0", {"beta.py": "value = 41"})
        self.kernel.packages = Packages(self.kernel.waits, self.kernel.events, self.source)


class Imports(PackageCase):
    def test_what_a_cell_imports_is_there(self) -> None:
        self.assertEqual(self.ok("import alpha\nalpha.value"), "42")
        self.assertEqual(self.source.fetched, ["beta", "alpha"])
        progress = [(it["name"], it["bytes"] is not None, it["done"]) for it in self.events("package_progress")]
        self.assertEqual(progress, [
            ("beta", False, False), ("beta", True, False), ("alpha", False, False), ("alpha", True, False),
            ("beta", True, True), ("alpha", True, True),
        ])  # fmt: skip
        self.assertEqual(self.printed(), "")

    def test_inside_functions_and_awaiting_cells(self) -> None:
        self.assertEqual(self.ok("import asyncio\nawait asyncio.sleep(0)\ndef f():\n    from alpha import value\n    return value\nf()"), "42")

    def test_nothing_is_asked_for_in_vain(self) -> None:
        self.ok("import json, os.path\n'import nothing'")
        self.fails("import nosuchmodule", "ModuleNotFoundError")
        self.ok("import alpha")
        self.ok("import alpha")
        self.assertEqual(self.source.fetched, ["beta", "alpha"])

    def test_a_failure_is_said_and_the_cell_goes_on(self) -> None:
        del self.source.files["beta"]
        self.assertEqual(self.ok("try:\n    import alpha\nexcept ImportError:\n    r = 'without'\nr"), "'without'")
        self.assertIn("Cannot load beta, which alpha needs: Cannot reach the distribution", self.printed("stderr"))
        self.assertEqual(os.listdir(self.source.directory), [])

    def test_without_a_source(self) -> None:
        self.kernel.packages = Packages(self.kernel.waits, self.kernel.events, None)
        self.fails("import alpha", "ModuleNotFoundError")
        self.assertEqual(self.printed("stderr"), "")


class Archives(PackageCase):
    def refused(self, content: bytes) -> str:
        self.source.files["beta"] = content
        evalue = self.fails("%pip install alpha", "UsageError")["evalue"]
        self.assertEqual(os.listdir(self.source.directory), [])
        return evalue

    def test_damaged(self) -> None:
        whole = self.source.files["beta"]
        self.assertIn("is damaged", self.refused(whole[: len(whole) // 2]))
        self.assertIn("is damaged", self.refused(b"no zip"))
        self.assertIn("is damaged: beta.py", self.refused(whole.replace(b"value = 41", b"value = 43")))

    def test_that_would_write_elsewhere(self) -> None:
        for path in ("../out.py", "/abs.py", "a/../../out.py", "..\\out.py", "C:/x.py"):
            self.assertIn("is refused: it would write to", self.refused(wheel("beta", "2.0", {path: ""})), path)

    def test_failed_unpacking_leaves_nothing(self) -> None:
        async def install(archive: Archive, place: str, origin: str) -> None:
            archive.unpack(self.source.directory)
            if "alpha" in archive.file_name:
                raise OSError("No space left on device")

        self.source.install = install  # type: ignore[method-assign]
        evalue = self.fails("%pip install alpha", "UsageError")["evalue"]
        self.assertIn("Cannot install alpha-1.0-py3-none-any.whl: No space left", evalue)
        self.assertEqual(os.listdir(self.source.directory), [])


    def test_unpack_wheel(self) -> None:
        def unpack(content: bytes) -> None:
            path = os.path.join(self.enterContext(tempfile.TemporaryDirectory()), "beta-2.0-py3-none-any.whl")
            with open(path, "wb") as file:
                file.write(content)
            unpack_wheel(path, self.source.directory)

        for content, refusal in (
            (wheel("beta", "2.0", {"../out.py": ""}), "is refused: it would write to '../out.py'"),
            (b"no zip", "is damaged"),
        ):
            with self.assertRaisesRegex(PackageError, refusal):
                unpack(content)
            self.assertEqual(os.listdir(self.source.directory), [])
        unpack(wheel("beta", "2.0", {"beta/__init__.py": "", "beta/deep/data.txt": "x"}))
        self.assertEqual(installed()["beta"], "2.0")
        with open(os.path.join(self.source.directory, "beta/deep/data.txt")) as file:
            self.assertEqual(file.read(), "x")

    def test_is_plain(self) -> None:
        def is_plain(path: str) -> bool:
            return Archive(wheel("beta", "2.0", {path: ""}), "beta-2.0-py3-none-any.whl").is_plain

        self.assertTrue(is_plain("beta/data.sos"))
        self.assertFalse(is_plain("beta/native.cpython-314-wasm32-emscripten.so"))
        self.assertFalse(is_plain("beta/libbeta.so.1"))
        self.assertFalse(is_plain("beta-2.0.data/data/share/x"))


class Pip(PackageCase):
    def test_install(self) -> None:
        self.ok("%pip install alpha==1.0 Beta")
        self.assertEqual(self.printed(), "Installed alpha-1.0 beta-2.0\n")
        self.clear()
        self.ok("!pip install -q alpha")
        self.ok("!pip install alpha")
        self.assertEqual(self.printed(), "There already: alpha\n")
        self.clear()
        self.ok("%pip list")
        self.assertIn("alpha==1.0\n", self.printed())

    def test_requirements(self) -> None:
        with open(os.path.join(self.source.directory, "r.txt"), "w") as file:
            file.write("# what it takes\nalpha==1.0  # one\n\nbeta\n")
        self.ok(f"%pip install -r {file.name}")
        self.assertIn("alpha-1.0 beta-2.0", self.printed())
        with open(file.name, "w") as file:
            file.write("--index-url somewhere\n")
        self.assertIn("name packages only", self.fails(f"%pip install -r {file.name}", "UsageError")["evalue"])
        self.assertIn("No such file", self.fails("%pip install -r none.txt", "UsageError")["evalue"])

    def test_local_wheel(self) -> None:
        path = os.path.join(self.source.directory, "gamma-3.0-py3-none-any.whl")
        with open(path, "wb") as file:
            file.write(wheel("gamma", "3.0", {"gamma.py": "value = 3"}, "Requires-Dist: beta\nRequires-Dist: x; extra == 'y'\n"))
        self.ok(f"%pip install {path}")
        self.assertEqual(self.ok("import gamma, beta\ngamma.value + beta.value"), "44")
        other = os.path.join(self.source.directory, "delta-1.0-cp311-cp311-manylinux_2_17_x86_64.whl")
        os.rename(path, other)
        self.assertIn("py3-none-any", self.fails(f"%pip install {other}", "UsageError")["evalue"])

    def test_messages(self) -> None:
        evalue = self.fails("%pip install nosuch", "UsageError")["evalue"]
        self.assertIn("this server has no package index (PACKAGE_INDEX_URL)", evalue)
        evalue = self.fails("%pip install alpha==9", "UsageError")["evalue"]
        self.assertIn("the distribution has alpha 1.0", evalue)
        self.fails("%pip install", "UsageError")
        self.fails("%pip install --target x alpha", "UsageError")
        self.fails("%pip download alpha", "UsageError")
        self.kernel.packages = Packages(self.kernel.waits, self.kernel.events, None)
        evalue = self.fails("%pip install alpha", "UsageError")["evalue"]
        self.assertIn("Packages cannot be installed in this kernel", evalue)

    def test_micropip_gets_what_the_distribution_has_not(self) -> None:
        calls: list[Any] = []

        class Micropip(types.ModuleType):
            @staticmethod
            async def install(names: list[str], **options: Any) -> None:
                calls.append((names, options))

            set_index_urls = staticmethod(calls.append)

        sys.modules["micropip"] = Micropip("micropip")
        self.addCleanup(sys.modules.pop, "micropip", None)
        self.source.index_url = "http://index/simple"
        self.ok("%pip install -q 'attrs>=20' --pre --no-deps")
        self.assertEqual(calls, [["http://index/simple"], (["attrs>=20"], {"pre": True, "deps": False})])
