from __future__ import annotations

import hashlib
import io
import json
import os
import runpy
import shutil
import subprocess
import sys
import tarfile
import tempfile
import unittest.mock
import zipfile
from typing import Any

from deno_kernel.packages.archives import Archive, PackageError, unpack_wheel
from deno_kernel.packages.building import wheel_of_sources
from deno_kernel.packages.installed import installed
from deno_kernel.packages.installer import Packages
from deno_kernel.packages.pip_commands import PipCommand, pip_commands
from deno_kernel.packages.plans import Formats
from deno_kernel.packages.poetry import specifier
from deno_kernel.packages.requirements_file import Requirements, read_requirements_file

from .support import KernelCase


def wheel(name: str, version: str, files: dict[str, str], requires: str = "") -> bytes:
    info = f"{name}-{version}.dist-info"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{requires}\n")
        archive.writestr(f"{info}/RECORD", "".join(f"{path},,\n" for path in files))
    return stream.getvalue()


class DirectorySource:
    """A `DirectorySource` has packages in memory, and unpacks them into a directory."""

    def __init__(self, directory: str) -> None:
        self.directory = directory
        self.free = 2**30
        self.packages: dict[str, dict[str, Any]] = {}
        self.files: dict[str, bytes] = {}
        self.index_url: str | None = None
        self.fetched: list[str] = []
        self.plan: dict[str, Any] | None = None
        self.questions: list[dict[str, Any]] = []

    def add(self, name: str, version: str, files: dict[str, str], depends: tuple[str, ...] = ()) -> None:
        file_name = f"{name}-{version}-py3-none-any.whl"
        modules = sorted({path.partition("/")[0].removesuffix(".py") for path in files})
        self.packages[name] = {
            "name": name, "version": version, "file_name": file_name, "imports": modules, "depends": list(depends),
        }  # fmt: skip
        self.files[name] = wheel(name, version, files)

    async def list(self) -> dict[str, Any]:
        return {"lock": {"packages": self.packages}, "indexUrl": self.index_url}

    async def get(self, url: str) -> tuple[int, bytes]:
        if url.startswith("packages:plan/"):
            self.questions.append(json.loads(url.removeprefix("packages:plan/")))
            return (404, b"") if self.plan is None else (200, json.dumps(self.plan).encode())
        if not url.startswith(("packages:file/", "https://index/")):
            return 404, b""
        name = url.removeprefix("packages:file/").removeprefix("https://index/")
        self.fetched.append(name)
        if name not in self.files:
            raise OSError("Cannot reach the distribution")
        return 200, self.files[name]

    async def download(self, url: str) -> tuple[int, bytes]:
        return 404, b""

    def room(self) -> int:
        return self.free

    def directory_of(self, place: str) -> str:
        return self.directory

    async def install(self, archive: Archive, place: str, origin: str) -> None:
        archive.unpack(self.directory)

    async def add_bytecode(self, content: bytes, directory: str) -> None:
        pass

    def loaded(self, name: str, origin: str | None) -> None:
        pass


class PackageCase(KernelCase):
    def setUp(self) -> None:
        super().setUp()
        directory = self.enterContext(tempfile.TemporaryDirectory())
        temporary = self.enterContext(tempfile.TemporaryDirectory())
        self.enterContext(unittest.mock.patch("tempfile.tempdir", temporary))
        # An installation leaves nothing there.
        self.addCleanup(lambda: self.assertEqual(os.listdir(temporary), []))
        # Scripts go below the prefix, which is the machine's here.
        self.enterContext(unittest.mock.patch("sys.prefix", self.enterContext(tempfile.TemporaryDirectory())))
        sys.path.insert(0, directory)
        self.addCleanup(sys.path.remove, directory)
        before = set(sys.modules)
        self.addCleanup(lambda: [sys.modules.pop(name) for name in set(sys.modules) - before])
        self.source = DirectorySource(directory)
        self.source.add("alpha", "1.0", {"alpha.py": "import beta\nvalue = beta.value + 1"}, ("beta",))
        self.source.add("beta", "2.0", {"beta.py": "value = 41"})
        self.kernel.packages = Packages(self.kernel.waits, self.kernel.events, self.source)


class KeptPlans(PackageCase):
    def setUp(self) -> None:
        super().setUp()
        self.source.plan = {"install": [self.step("beta", "2.0"), self.step("alpha", "1.0")], "notes": ["A note"], "complete": True}

    def step(self, name: str, version: str, sha256: str | None = None) -> dict[str, Any]:
        return {
            "name": name, "version": version, "origin": "distribution", "file": f"{name}-{version}-py3-none-any.whl",
            "address": name, "sha256": sha256 or hashlib.sha256(self.source.files[name]).hexdigest(), "size": None,
            "requested": name == "alpha",
        }  # fmt: skip

    def pip(self, line: str) -> list[str]:
        self.clear()
        self.ok(f"%pip {line}")
        return self.printed().splitlines()

    def test_output_for_other_commands_and_files(self) -> None:
        self.assertEqual(self.pip("install alpha > /dev/null"), [])
        self.assertEqual(self.pip("install 'alpha>=0.5' | tail -n 1 # quietly")[:1], ["There already: alpha>=0.5"])

    def test_installs_by_the_plan(self) -> None:
        self.assertEqual(self.pip("install alpha"), ["Installed alpha-1.0 beta-2.0", "A note"])
        self.assertEqual(self.source.fetched, ["beta", "alpha"])
        self.assertEqual(
            self.source.questions[0],
            {"requirements": ["alpha"], "constraints": [], "upgrade": False, "prereleases": False, "dependencies": True},
        )

    def test_what_is_there_in_that_version_stays(self) -> None:
        plan, self.source.plan = self.source.plan, None
        self.pip("install beta")
        self.source.plan = plan
        self.source.fetched.clear()
        self.assertEqual(self.pip("install alpha")[-2:], ["Installed alpha-1.0", "A note"])
        self.assertEqual(self.source.fetched, ["alpha"])

    def test_other_plans_are_not_used(self) -> None:
        wrong = self.step("alpha", "1.0", "0" * 64)
        for plan in (None, {"install": [wrong], "notes": ["A note"], "complete": True}):
            self.source.plan = plan
            self.assertNotIn("A note", self.pip("install --dry-run alpha"), plan)

    def test_questions_that_are_asked_of_this_kernel_alone(self) -> None:
        for line in ("./nothing-1-py3-none-any.whl", "alpha@https://x/alpha.whl", *["a" * 5_000]):
            self.run_cell(f"%pip install {line}")
        self.assertEqual(self.source.questions, [])

    def test_installed_packages_that_a_plan_would_touch(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            path = os.path.join(directory, "user-1.0-py3-none-any.whl")
            with open(path, "wb") as file:
                file.write(wheel("user", "1.0", {"user.py": ""}, "Requires-Dist: beta<2\n"))
            self.ok(f"%pip install --no-deps {path}")
        self.source.plan = {"install": [self.step("beta", "2.0")], "notes": ["A note"], "complete": True}
        self.assertNotIn("A note", self.pip("install beta"))


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

    def test_a_failure_is_that_of_the_import_and_the_cell_goes_on(self) -> None:
        del self.source.files["beta"]
        self.source.add("gamma", "1.0", {"gamma.py": "value = 3"})
        code = "try:\n    import alpha\nexcept ImportError as error:\n    r = str(error)\nimport gamma\nr, gamma.value"
        value = self.ok(code)
        self.assertIn("Cannot load beta, which alpha needs: Cannot reach the distribution", value)
        self.assertIn("3", value)
        self.assertEqual(self.printed("stderr"), "")
        self.assertEqual(sorted(os.listdir(self.source.directory)), ["gamma-1.0.dist-info", "gamma.py"])

    def test_imports_that_no_cell_has_as_text(self) -> None:
        with open(os.path.join(self.source.directory, "own.py"), "w") as file:
            file.write("import alpha\nvalue = alpha.value")
        self.source.add("gamma", "1.0", {"gamma.py": "value = 3"})
        self.assertEqual(self.ok("exec('im' + 'port own')\nown.value"), "42")
        self.assertEqual(self.ok("from importlib.util import find_spec\nfind_spec('gamma').name"), "'gamma'")
        self.assertEqual(self.ok("find_spec('nosuchmodule') is None"), "True")

    def test_what_a_package_tries_to_import_while_it_is_imported_is_left_out(self) -> None:
        guarded = "try:\n    import gamma\nexcept ImportError:\n    gamma = None\ndef later():\n    import gamma\n    return gamma.value"
        self.source.add("gamma", "1.0", {"gamma.py": "value = 3"})
        self.source.add("delta", "1.0", {"delta.py": guarded})
        with unittest.mock.patch("site.getsitepackages", lambda: [self.source.directory]):
            self.assertEqual(self.ok("import delta\ndelta.gamma, delta.later()"), "(None, 3)")

    def test_where_python_cannot_wait(self) -> None:
        self.ok("from importlib.util import find_spec\nfind_spec('nosuchmodule')")
        self.kernel.platform.can_wait = lambda: False  # type: ignore[method-assign]
        self.addCleanup(self.kernel.platform.__dict__.pop, "can_wait")
        evalue = self.fails("__import__('alpha')", "ModuleNotFoundError")["evalue"]
        self.assertIn("import it in a cell before, or run %pip install alpha", evalue)

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
        for path in (
            "../out.py", "/abs.py", "a/../../out.py", "..\\out.py", "C:/x.py", "beta-2.0.data/purelib//abs.py",
            "beta-2.0.data/scripts//abs.py", "beta-2.0.data/data//abs.py", "beta-2.0.data/data/../x",
        ):  # fmt: skip
            self.assertIn("is refused: it would write to", self.refused(wheel("beta", "2.0", {path: ""})), path)

    def test_data_among_the_users_files(self) -> None:
        root = self.enterContext(tempfile.TemporaryDirectory())
        os.mkdir(os.path.join(root, "home"))
        with unittest.mock.patch("sys.prefix", root):
            for path in ("data/home/notes.txt", "home/notes.txt", "data/home"):
                self.assertIn("is refused: it would write to", self.refused(wheel("beta", "2.0", {f"beta-2.0.data/{path}": ""})))
            self.assertEqual(os.listdir(os.path.join(root, "home")), [])
            files = {"beta.py": "value = 41", "beta-2.0.data/data/share/x": "", "beta-2.0.data/data/new/y": ""}
            self.source.files["beta"] = wheel("beta", "2.0", files)
            self.ok("%pip install beta")
            self.assertEqual(sorted(os.listdir(root)), ["home", "new", "share"])

    def test_a_record_that_names_files_of_the_user(self) -> None:
        root = self.enterContext(tempfile.TemporaryDirectory())
        paths = [os.path.join(root, name) for name in ("notes.txt", "home/work.py")]
        for path in paths:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w") as file:
                file.write("mine")
        self.ok("%pip install beta")
        directory = self.source.directory
        with open(os.path.join(directory, "beta-2.0.dist-info", "RECORD"), "a") as file:
            file.writelines(f"{name},,\n" for path in paths for name in (path, os.path.relpath(path, directory)))
        with unittest.mock.patch("sys.prefix", root):
            self.ok("%pip install --force-reinstall beta\n%pip uninstall -y beta")
        self.assertTrue(all(map(os.path.exists, paths)))
        self.assertEqual(os.listdir(directory), [])

    def test_a_link_in_a_wheel_is_a_file(self) -> None:
        stream = io.BytesIO(wheel("beta", "2.0", {"beta.py": "value = 41"}))
        with zipfile.ZipFile(stream, "a") as archive:
            link = zipfile.ZipInfo("beta_link.py")
            link.external_attr = 0o120777 << 16
            archive.writestr(link, "/etc/passwd")
        self.source.files["beta"] = stream.getvalue()
        self.ok("%pip install beta")
        path = os.path.join(self.source.directory, "beta_link.py")
        self.assertFalse(os.path.islink(path))
        with open(path) as file:
            self.assertEqual(file.read(), "/etc/passwd")

    def test_sizes_that_are_not_true(self) -> None:
        bomb = {"beta.py": "value = 41", "beta_bomb.txt": "0" * 2**20}
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            with zipfile.ZipFile(io.BytesIO(wheel("beta", "2.0", bomb))) as plain:
                for name in plain.namelist():
                    archive.writestr(name, plain.read(name))
        lying = stream.getvalue().replace((2**20).to_bytes(4, "little"), (100).to_bytes(4, "little"))
        self.assertIn("is damaged: beta_bomb.txt", self.refused(lying))
        self.source.free = 2**19
        self.assertIn("and 512 KiB are left of", self.refused(stream.getvalue()))

    def test_lines_of_paths_that_fail(self) -> None:
        files = {"beta.py": "value = 41", "beta.pth": "import sys; sys.beta_began = 1\nimport nosuch_module_of_beta\n/nowhere\n"}
        self.source.files["beta"] = wheel("beta", "2.0", files)
        self.addCleanup(lambda: sys.__dict__.pop("beta_began", None))
        self.assertEqual(self.ok("%pip install alpha\nimport alpha\nalpha.value"), "42")
        self.assertNotIn("/nowhere", sys.path)
        self.ok("%pip uninstall -y beta")
        self.assertNotIn("beta.pth", os.listdir(self.source.directory))

    def test_scripts(self) -> None:
        points = "[console_scripts]\nRun-It = beta:main\ndeep = beta:It.run [extra]\n../evil = beta:main\nbad = beta\n"
        files = {"beta.py": "def main(): return 3", "beta-2.0.dist-info/entry_points.txt": points}
        self.source.files["beta"] = wheel("beta", "2.0", files)
        root = os.path.join(self.source.directory, "prefix")
        with unittest.mock.patch("sys.prefix", root):
            self.ok("%pip install beta")
            self.assertEqual(sorted(os.listdir(root)), ["bin"])
            self.assertEqual(sorted(os.listdir(os.path.join(root, "bin"))), ["Run-It", "deep"])
            path = os.path.join(root, "bin", "Run-It")
            self.assertTrue(os.access(path, os.X_OK))
            with self.assertRaises(SystemExit) as ended:  # Inside Pyodide there are no processes.
                runpy.run_path(path, run_name="__main__")
            self.assertEqual(ended.exception.code, 3)
            self.ok("%pip uninstall -y beta")
        self.assertFalse(os.path.exists(path))

    def test_failed_unpacking_leaves_nothing(self) -> None:
        async def install(archive: Archive, place: str, origin: str) -> None:
            archive.unpack(self.source.directory)
            if "alpha" in archive.file_name:
                raise OSError("No space left on device")

        self.source.install = install  # type: ignore[method-assign]
        evalue = self.fails("%pip install alpha", "UsageError")["evalue"]
        self.assertIn("Cannot install alpha-1.0-py3-none-any.whl: No space left", evalue)
        self.assertEqual(os.listdir(self.source.directory), [])


    def test_that_do_not_fit(self) -> None:
        self.source.free = 500
        error = self.fails("%pip install alpha", "UsageError")
        self.assertRegex(
            error["evalue"], r"^Cannot install beta-2\.0 alpha-1\.0: this takes 4 KiB, and 0 KiB are left of what packages may"
        )
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

    def test_members(self) -> None:
        stream = io.BytesIO(wheel("beta", "2.0", {"beta.py": "value = 2", "beta-2.0.data/purelib/deep/x.txt": "x"}))
        with zipfile.ZipFile(stream, "a") as file:
            file.writestr("beta/unusual.txt", "unusual", zipfile.ZIP_BZIP2)
            file.mkdir("beta/empty")
        archive = Archive(stream.getvalue(), "beta-2.0-py3-none-any.whl")
        directory = self.source.directory
        members = archive.members(directory)
        paths = [os.path.relpath(it["path"], directory) for it in members]
        self.assertEqual(paths, ["beta.py", "deep/x.txt", "beta-2.0.dist-info/METADATA"])
        self.assertEqual([members[0][it] for it in ("packedSize", "size", "deflated")], [9, 9, False])
        archive.unpack_others(directory)
        found = [os.path.relpath(os.path.join(root, it), directory) for root, _, files in os.walk(directory) for it in files]
        self.assertEqual(sorted(found), ["beta-2.0.dist-info/RECORD", "beta/unusual.txt"])

    def test_data_goes_to_its_places(self) -> None:
        directory = self.source.directory
        files = {"beta-2.0.data/purelib/beta.py": "value = 2", "beta-2.0.data/scripts/run": "#!python"}
        with unittest.mock.patch("sys.prefix", os.path.join(directory, "prefix")):
            self.source.files["beta"] = wheel("beta", "2.0", files)
            self.ok("%pip install beta")
            self.assertEqual(self.ok("import beta\nbeta.value"), "2")
            self.assertTrue(os.path.exists(os.path.join(directory, "prefix/bin/run")))
            self.ok("%pip uninstall -y beta")
        self.assertFalse(os.path.exists(os.path.join(directory, "prefix/bin/run")))


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
        self.assertRegex(self.printed(), r"(?m)^Package +Version\n-+ -+\n(?:.*\n)*alpha +1\.0\n")
        self.clear()
        self.ok("%pip freeze")
        self.assertIn("alpha==1.0\n", self.printed())

    def test_requirements(self) -> None:
        with open(os.path.join(self.source.directory, "r.txt"), "w") as file:
            file.write("# what it takes\nalpha==1.0  # one\n\nbeta\n")
        self.ok(f"%pip install -r {file.name}")
        self.assertIn("alpha-1.0 beta-2.0", self.printed())
        with open(file.name, "w") as file:
            file.write("--build-option x\n")
        self.assertIn("only wheels can be installed", self.fails(f"%pip install -r {file.name}", "UsageError")["evalue"])
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
        self.fails("%pip install --root x alpha", "UsageError")
        self.fails("%pip search alpha", "UsageError")
        self.kernel.packages = Packages(self.kernel.waits, self.kernel.events, None)
        evalue = self.fails("%pip install alpha", "UsageError")["evalue"]
        self.assertIn("Packages cannot be installed in this kernel", evalue)

    def test_upgrade_replaces_what_is_installed_and_says_that_it_is_loaded(self) -> None:
        self.source.add("gamma", "1.0", {"gamma.py": "value = 1", "gamma_old.py": ""})
        self.ok("import gamma")
        path = os.path.join(self.source.directory, "gamma-2.0-py3-none-any.whl")
        with open(path, "wb") as file:
            file.write(wheel("gamma", "2.0", {"gamma.py": "value = 2"}))
        self.ok(f"%pip install {path}")
        printed = self.printed()
        self.assertIn("Uninstalled gamma-1.0\nInstalled gamma-2.0\n", printed)
        self.assertIn("restart the kernel to use it in version 2.0", printed)
        self.assertFalse(os.path.exists(os.path.join(self.source.directory, "gamma_old.py")))

    def test_installations_at_once_take_turns(self) -> None:
        code = (
            "import asyncio\n"
            "from deno_kernel.current import running_kernel\n"
            "from deno_kernel.packages.plans import InstallRequest\n"
            "install = running_kernel().packages.install_async\n"
            "both = await asyncio.gather(*(install(InstallRequest(('alpha',))) for _ in range(2)))\n"
            "[sorted(it.installed) for it in both]"
        )
        self.assertEqual(self.ok(code), "[['alpha-1.0', 'beta-2.0'], []]")
        self.assertEqual(self.source.fetched, ["beta", "alpha"])

    def test_a_failed_upgrade_leaves_what_is_installed(self) -> None:
        self.source.add("gamma", "1.0", {"gamma.py": "value = 1"})
        self.ok("import gamma")
        path = os.path.join(self.source.directory, "gamma-2.0-py3-none-any.whl")
        with open(path, "wb") as file:
            file.write(wheel("gamma", "2.0", {"gamma.py": "value = 2"}))

        async def install(archive: Archive, place: str, origin: str) -> None:
            archive.unpack(self.source.directory)
            raise OSError("No space left on device")

        self.source.install = install  # type: ignore[method-assign]
        self.fails(f"%pip install {path}", "UsageError")
        self.assertEqual(installed()["gamma"], "1.0")
        with open(os.path.join(self.source.directory, "gamma.py")) as file:
            self.assertEqual(file.read(), "value = 1")

    def test_uninstall(self) -> None:
        self.ok("%pip install alpha")
        self.clear()
        self.ok("%pip uninstall -y alpha nosuch")
        self.assertEqual(self.printed(), "Skipping nosuch: it is not installed\nUninstalled alpha-1.0\n")
        self.assertEqual(sorted(os.listdir(self.source.directory)), ["beta-2.0.dist-info", "beta.py"])

    def test_show(self) -> None:
        self.source.add("gamma", "1.0", {"gamma.py": ""})
        self.ok("%pip install gamma")
        self.clear()
        self.ok("%pip show Gamma")
        self.assertIn("Name: gamma\nVersion: 1.0\n", self.printed())
        self.assertIn("Package(s) not found: none", self.fails("%pip show none", "UsageError")["evalue"])

    def test_dry_run(self) -> None:
        self.ok("%pip install --dry-run alpha")
        first, *lines = self.printed().splitlines()
        self.assertEqual(first, "Would install alpha-1.0 beta-2.0")
        sha256 = {name: hashlib.sha256(content).hexdigest() for name, content in self.source.files.items()}
        self.assertEqual(
            lines,
            [
                f"  {name}=={version} --hash=sha256:{sha256[name]}  # 0.0 MB from the distribution"
                for name, version in (("beta", "2.0"), ("alpha", "1.0"))
            ],
        )
        self.assertEqual(os.listdir(self.source.directory), [])

    def test_help_and_version(self) -> None:
        for line in ("", "--help", "help", "help install", "install --help", "--version"):
            with self.subTest(line):
                self.clear()
                self.ok(f"%pip {line}")
                self.assertRegex(self.printed(), "^(usage: pip|pip of deno_kernel)")

    def test_target(self) -> None:
        target = os.path.join(self.enterContext(tempfile.TemporaryDirectory()), "new")

        def pip(line: str) -> str:
            self.clear()
            self.ok(f"%pip install {line}")
            return self.printed()

        pip("beta")
        self.assertEqual(pip(f"--target {target} alpha"), "Installed alpha-1.0 beta-2.0\n")
        there = {"alpha.py", "alpha-1.0.dist-info", "beta.py", "beta-2.0.dist-info"}
        self.assertEqual(set(os.listdir(target)), there)
        self.assertNotIn("alpha", installed())
        self.assertRegex(pip(f"-t {target} alpha"), "^There already: alpha\n.* has (beta 2.0|alpha 1.0) already")
        os.remove(os.path.join(target, "alpha.py"))
        self.assertIn("Installed alpha-1.0 beta-2.0\n", pip(f"-t {target} --force-reinstall alpha"))
        self.assertEqual(set(os.listdir(target)), there)
        self.source.add("bad", "1.0", {"bad.py": ""}, ("alpha",))
        self.source.files["bad"] = self.source.files["bad"][:-40]
        self.fails(f"%pip install -t {target} --force-reinstall bad", "UsageError")
        self.assertEqual(set(os.listdir(target)), there)
        evalue = self.fails(f"%pip install -t {target}/alpha.py/x alpha", "UsageError")["evalue"]
        self.assertEqual(evalue, f"Cannot install into {target}/alpha.py/x: Not a directory")

    def test_data_of_a_wheel_in_a_target(self) -> None:
        target = self.enterContext(tempfile.TemporaryDirectory())
        self.source.add("gamma", "1.0", {"gamma.py": "", "gamma-1.0.data/scripts/run": "#!python\n"})
        self.ok(f"%pip install -t {target} gamma")
        self.assertTrue(os.path.exists(os.path.join(target, "bin", "run")))

    def test_download(self) -> None:
        directory = os.path.join(self.enterContext(tempfile.TemporaryDirectory()), "new")
        self.ok("%pip install beta")
        for command in ("download -d", "wheel -w"):
            self.clear()
            self.ok(f"%pip {command} {directory} alpha")
            names = ["alpha-1.0-py3-none-any.whl", "beta-2.0-py3-none-any.whl"]
            self.assertEqual(sorted(self.printed().splitlines()), [f"Saved {directory}/{name}" for name in names])
            self.assertEqual(sorted(os.listdir(directory)), names)
            shutil.rmtree(directory)
        self.ok(f"%pip install --target {directory} alpha")
        self.fails(f"%pip download -d {directory}/alpha.py alpha", "UsageError")

    def test_config_and_cache(self) -> None:
        self.ok("%pip config list\n%pip cache purge")
        self.assertEqual(self.printed(), "Files removed: 0\n")
        self.source.index_url = "https://index.example/simple"
        self.kernel.packages.forget()
        self.clear()
        self.ok("%pip config list\n%pip config get global.index-url")
        self.assertEqual(
            self.printed(), "global.index-url='https://index.example/simple'\nhttps://index.example/simple\n"
        )
        self.assertIn("the server decides", self.fails("%pip config set a b", "UsageError")["evalue"])
        self.assertIn("cache is disabled", self.fails("%pip cache dir", "UsageError")["evalue"])

    def test_patterns(self) -> None:
        directory = self.enterContext(tempfile.TemporaryDirectory())
        for name in ("alpha", "beta"):
            with open(os.path.join(directory, self.source.packages[name]["file_name"]), "wb") as file:
                file.write(self.source.files[name])
        self.ok(f"%pip install {directory}/*.whl")
        self.assertEqual(self.printed(), "Installed alpha-1.0 beta-2.0\n")
        self.assertEqual(self.source.fetched, [])

    def test_folders_that_are_none(self) -> None:
        self.assertIn("no such folder", self.fails("%pip install -f /nowhere alpha", "UsageError")["evalue"])
        self.clear()
        self.ok("%pip install -f https://example.com/wheels alpha")
        self.assertIn("--find-links has no effect: the server decides", self.printed())

    def test_reports(self) -> None:
        project = os.path.join(self.enterContext(tempfile.TemporaryDirectory()), "own")
        os.makedirs(project)
        with open(os.path.join(project, "pyproject.toml"), "w") as file:
            file.write('[project]\nname = "own-thing"\nversion = "1"\n')
        self.ok(f"%pip install -q alpha -e {project}")
        here = f"--path {self.source.directory}"

        def pip(line: str) -> str:
            self.clear()
            self.ok(f"%pip {line}")
            return self.printed()

        rows = [{"name": "alpha", "version": "1.0"}, {"name": "beta", "version": "2.0"}]
        own = {"name": "own-thing", "version": "1", "editable_project_location": project}
        self.assertEqual(json.loads(pip(f"list {here} --format=json")), [*rows, own])
        self.assertEqual(json.loads(pip(f"list {here} --format json -e")), [own])
        self.assertEqual(json.loads(pip(f"list {here} --format json --exclude-editable --exclude Beta")), rows[:1])
        head, line, *_, last = pip(f"list {here}").splitlines()
        self.assertEqual(head.split(None, 2), ["Package", "Version", "Editable project location"])
        self.assertEqual(last.split(), ["own-thing", "1", project])
        self.assertEqual(set(line), {"-", " "})
        self.assertEqual(
            pip(f"freeze {here}"),
            f"alpha==1.0\nbeta==2.0\n# Editable install with no version control (own-thing==1)\n-e {project}\n",
        )
        self.assertEqual(pip(f"freeze --all {here} --exclude-editable --exclude alpha"), "beta==2.0\n")
        shown = pip("show -f own-thing")
        self.assertIn(f"\nEditable project location: {project}\n", shown)
        self.assertIn("\nFiles:\n  __editable__.own_thing-1.pth\n", shown)
        found = json.loads(pip(f"inspect {here}"))
        self.assertEqual([it["metadata"]["name"] for it in found["installed"]], ["alpha", "beta", "own-thing"])
        self.assertEqual([it["requested"] for it in found["installed"]], [True, False, True])
        self.assertEqual(found["environment"]["sys_platform"], sys.platform)
        path = os.path.join(project, "file")
        with open(path, "wb") as content:
            content.write(b"x")
        self.assertEqual(pip(f"hash {path}"), f"{path}:\n--hash=sha256:{hashlib.sha256(b'x').hexdigest()}\n")
        self.assertIn("No such file", self.fails("%pip hash /nowhere", "UsageError")["evalue"])
        self.assertIn("Cannot search", self.fails("%pip search alpha", "UsageError")["evalue"])
        self.ok("%pip uninstall -y own-thing")

    def test_packages_that_nothing_else_needs(self) -> None:
        stem = os.path.join(self.source.directory, "{0}-1.dist-info")
        for name, needs in (("top", "Requires-Dist: below"), ("below", "Requires-Dist: more; extra == 'x'"), ("more", "")):
            os.makedirs(stem.format(name))
            with open(os.path.join(stem.format(name), "METADATA"), "w") as file:
                file.write(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n{needs}\n")
        self.ok(f"%pip list --format=freeze --not-required --path {self.source.directory}")
        self.assertEqual(self.printed(), "more==1\ntop==1\n")

    def test_names_of_modules(self) -> None:
        evalue = self.fails("%pip install sklearn", "UsageError")["evalue"]
        self.assertTrue(evalue.endswith("\nThe module sklearn comes with the package scikit-learn"), evalue)
        self.assertNotIn("comes with", self.fails("%pip install torch", "UsageError")["evalue"])

    def test_options_as_people_write_them(self) -> None:
        self.ok("%pip install -q -I --no-dependencies --proxy http://x:1 --log /tmp/x --no-cache -C a=b alpha;")
        self.assertEqual(self.ok("import os, importlib.metadata as m\nm.version('alpha')"), "'1.0'")
        self.clear()
        self.ok("%pip install alpha ;")
        self.assertEqual(self.printed(), "There already: alpha\n")

    def test_groups_of_requirements(self) -> None:
        path = os.path.join(self.source.directory, "pyproject.toml")
        groups = 'test = ["beta"]\nAll_Of = [{include-group = "test"}, "alpha"]\nround = [{include-group = "round"}]\nodd = [1]\n'
        with open(path, "w") as file:
            file.write(f"[dependency-groups]\n{groups}")
        self.ok(f"%pip install --group {path}:all-of")
        self.assertEqual(self.printed(), "Installed alpha-1.0 beta-2.0\n")
        for group, reason in (("none", "there is no such list"), ("round", "include each other"), ("odd", "is no requirement")):
            self.assertIn(reason, self.fails(f"%pip install --group {path}:{group}", "UsageError")["evalue"])
        self.assertIn("No such file", self.fails("%pip install --group /nowhere:x", "UsageError")["evalue"])

    def test_hashes_for_all_or_none(self) -> None:
        path = os.path.join(self.source.directory, "r.txt")
        digest = hashlib.sha256(self.source.files["alpha"]).hexdigest()
        with open(path, "w") as file:
            file.write(f"alpha==1.0 --hash=sha256:{digest}\n")
        evalue = self.fails(f"%pip install -r {path}", "UsageError")["evalue"]
        beta = hashlib.sha256(self.source.files["beta"]).hexdigest()
        self.assertIn(f"; add beta==2.0 --hash=sha256:{beta}", evalue)
        self.ok(f"%pip install --no-deps -r {path}")
        self.assertIn("need them for all packages", self.fails("%pip install --require-hashes beta", "UsageError")["evalue"])

    def test_as_a_module(self) -> None:
        # This machine may have pip.
        self.enterContext(unittest.mock.patch("sys.path", [it for it in sys.path if not it.endswith("-packages")]))
        self.assertEqual(self.ok("import pip\npip.main(['install', 'beta'])"), "0")
        self.assertEqual(self.ok("from pip._internal.cli.main import main\nmain(['install', 'nosuch'])"), "1")
        self.assertIn("ERROR: Cannot install nosuch", self.printed("stderr"))

    def test_as_a_process(self) -> None:
        command = "[sys.executable, '-m', 'pip', 'install', 'alpha']"
        self.ok(f"import subprocess, sys, os\nsubprocess.check_call({command})")
        self.assertEqual(self.printed(), "Installed alpha-1.0 beta-2.0\n")
        self.assertIn(r"\nbeta==2.0\n", self.ok("subprocess.check_output(['pip', 'freeze'], text=True)"))
        self.assertEqual(
            self.ok("it = subprocess.run('pip install nosuch', shell=True, capture_output=True)\nit.returncode, it.stdout"),
            "(1, b'')",
        )
        self.assertIn("nosuch", self.ok("it.stderr"))
        path = os.path.join(self.source.directory, "all.txt")
        self.assertEqual(self.ok(f"os.system('pip freeze > {path}'), 'beta==2.0' in open('{path}').read()"), "(0, True)")
        self.assertNotEqual(self.ok("os.system('nosuch-program --help')"), "0")
        self.assertIn("this kernel has no processes", self.printed("stderr"))

    def test_commands_of_a_shell(self) -> None:
        for command in ("python -m pip install", "python3 -m pip -q install", "uv pip install", "pip3 install"):
            with self.subTest(command=command):
                self.assertIsNotNone(pip_commands(f"{command} alpha"))
        self.assertEqual(
            pip_commands("pip install a > /dev/null 2>&1 && pip list | tail -3"),
            [PipCommand("install a", "/dev/null"), PipCommand("list")],
        )
        self.assertEqual(pip_commands("pip install 'a>=2' >> log"), [PipCommand("install 'a>=2'", "log", True)])
        self.assertIsNone(pip_commands("pip install a && rm -r b"))
        for command in ("pip list | tail", "pip freeze > x", "pip install a; ls", "pip install *.whl", "pip install $A"):
            self.assertIsNone(pip_commands(command, has_shell=True), command)
        self.assertEqual(pip_commands("pip install 'a>=2' \"b<3\"", True), [PipCommand("install 'a>=2' \"b<3\"")])
        self.ok("!python -m pip install alpha  # with a comment")
        self.assertEqual(self.printed(), "Installed alpha-1.0 beta-2.0\n")


class Projects(PackageCase):
    def make(self, **files: str) -> str:
        directory = self.enterContext(tempfile.TemporaryDirectory())
        for name, text in files.items():
            path = os.path.join(directory, name.replace("__", "/").replace("_", "."))
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w") as file:
                file.write(text)
        return directory

    def test_editable(self) -> None:
        project = self.make(
            pyproject_toml='[project]\nname = "own-thing"\nversion = "0.3"\ndependencies = ["beta"]\n'
            '[project.scripts]\nown = "ownthing:main"\n',
            src__ownthing_py="value = 1",
        )
        self.ok(f"%pip install -e {project}")
        self.assertEqual(self.printed(), "Installed beta-2.0 own_thing-0.3\n")
        self.assertEqual(self.ok("import ownthing, beta\nownthing.value"), "1")
        self.assertEqual(
            self.ok("import importlib.metadata as m\nm.version('own-thing'), m.entry_points(name='own')['own'].value"),
            "('0.3', 'ownthing:main')",
        )
        self.ok("%pip uninstall -y own-thing")
        self.assertNotIn(os.path.join(project, "src"), sys.path)
        self.assertTrue(os.path.exists(os.path.join(project, "src", "ownthing.py")))

    def test_versions_that_a_module_has(self) -> None:
        project = self.make(
            pyproject_toml='[project]\nname = "thing"\ndynamic = ["version"]\n', thing_py='__version__ = "1.5"\n'
        )
        self.ok(f"%pip install -r {self.make(r_txt=f'-e {project}')}/r.txt")
        self.assertEqual(self.printed(), "Installed thing-1.5\n")

    def test_setup_cfg(self) -> None:
        project = self.make(
            setup_cfg="[metadata]\nname = old\nversion = 2\n[options]\npackage_dir =\n  = lib\ninstall_requires =\n  beta\n"
            "[options.entry_points]\nconsole_scripts =\n  old = old:main\n",
            lib__old_py="value = 2",
        )
        self.ok(f"%pip install -e {project}\nimport old")
        self.assertEqual(self.printed(), "Installed beta-2.0 old-2\n")

    def test_what_cannot_be_installed(self) -> None:
        for files, reason in (
            ({}, "it has neither a pyproject.toml with a table"),
            ({"pyproject_toml": "[project"}, "its pyproject.toml cannot be read"),
            ({"pyproject_toml": '[project]\nname = "x"\n'}, "its version is only known when it is built"),
            ({"pyproject_toml": "[project]\nname = 3\n"}, "its description cannot be read"),
        ):
            with self.subTest(reason=reason):
                project = self.make(**files)  # type: ignore[arg-type]
                for option in ("-e ", ""):
                    self.assertIn(reason, self.fails(f"%pip install {option}{project}", "UsageError")["evalue"])


class Building(PackageCase):
    """Wheels of directories and archives with sources."""

    TABLE = '[project]\nname = "own-thing"\nversion = "0.3"\ndependencies = ["beta"]\n'

    def make(self, files: dict[str, str]) -> str:
        directory = self.enterContext(tempfile.TemporaryDirectory())
        for name, text in files.items():
            path = os.path.join(directory, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w") as file:
                file.write(text)
        return directory

    def installed(self, files: dict[str, str], *archived: str) -> list[str]:
        """Installs a project, and returns the files of it."""
        project = self.make(files)
        for name in archived:
            path = shutil.make_archive(os.path.join(self.make({}), "thing-1"), name, os.path.dirname(project), os.path.basename(project))
            project = path
        self.clear()
        self.ok(f"%pip install --no-deps {project}")
        self.assertRegex(self.printed(), "^Installed ")
        info = next(it for it in os.listdir(self.source.directory) if it.endswith(".dist-info"))
        with open(os.path.join(self.source.directory, info, "RECORD")) as file:
            rows = [line.partition(",")[0] for line in file.read().splitlines()]
        self.ok(f"%pip uninstall -y {info.partition('-')[0]}")
        return sorted(it for it in rows if ".dist-info/" not in it)

    def test_modules_are_found(self) -> None:
        one = {"own_thing/__init__.py": "", "own_thing/data.txt": "x", "own_thing/sub/x.py": "", "tests/__init__.py": ""}
        of_one = ["own_thing/__init__.py", "own_thing/data.txt", "own_thing/sub/x.py"]
        told = "[tool.setuptools]\npackages = ['a', 'a.b']\npy-modules = ['c']\n"
        hatch = "[build-system]\nbuild-backend = 'hatchling.build'\n[tool.hatch.build.targets.wheel]\npackages = ['src/other']\n"
        for more, files, expected in (
            ("", one, of_one),
            ("", {f"src/{name}": text for name, text in one.items()}, [*of_one, "tests/__init__.py"][:3]),
            ("", {"own_thing.py": "", "setup.py": "import setuptools; setuptools.setup()"}, ["own_thing.py"]),
            ("", {"other/__init__.py": "", "docs/__init__.py": ""}, ["other/__init__.py"]),
            (told, {"a/__init__.py": "", "a/b/__init__.py": "", "c.py": "", "d.py": ""}, ["a/__init__.py", "a/b/__init__.py", "c.py"]),
            (hatch, {"src/other/__init__.py": "", "src/more/__init__.py": ""}, ["other/__init__.py"]),
        ):  # fmt: skip
            for archived in ((), ("gztar",), ("zip",)):
                with self.subTest(files=files, archived=archived):
                    found = self.installed({"pyproject.toml": self.TABLE + more, **files}, *archived)
                    self.assertEqual(found, expected)

    def test_requirements_extras_and_origin(self) -> None:
        project = self.make({"pyproject.toml": self.TABLE, "own_thing.py": "value = 1"})
        requirements = os.path.join(self.make({"requirements.txt": f"{project}\n"}), "requirements.txt")
        for line in (project, f"{project}/", f"-r {requirements}", f"file://{project}"):
            with self.subTest(line):
                self.clear()
                self.ok(f"%pip install {line}\nimport own_thing")
                self.assertEqual(self.printed(), "Installed beta-2.0 own_thing-0.3\n")
                with open(os.path.join(self.source.directory, "own_thing-0.3.dist-info", "direct_url.json")) as file:
                    self.assertEqual(json.load(file), {"url": f"file://{project}", "dir_info": {}})
                self.ok("%pip uninstall -y own-thing beta")
                del sys.modules["own_thing"]

    def test_projects_of_poetry(self) -> None:
        toml = """
[tool.poetry]
name = "own-thing"
version = "0.3"
description = "Mine"
[tool.poetry.dependencies]
python = "^3.9"
beta = "^2.0"
alpha = {version = "~1.0", optional = true, extras = ["x"]}
nothere = {version = "*", markers = "sys_platform == 'win32'"}
old = {version = "1.*", python = "<3"}
[tool.poetry.extras]
more = ["alpha"]
[tool.poetry.scripts]
own-thing = "own_thing:main"
[build-system]
build-backend = "poetry.core.masonry.api"
"""
        self.ok(f"%pip install --no-deps {self.make({'pyproject.toml': toml, 'own_thing/__init__.py': ''})}")
        with open(os.path.join(self.source.directory, "own_thing-0.3.dist-info", "METADATA")) as file:
            lines = file.read().split("\n\n")[0].splitlines()[3:]
        self.assertEqual(lines, [
            "Summary: Mine", "Requires-Python: >=3.9,<4", "Requires-Dist: beta >=2.0,<3",
            "Requires-Dist: nothere  ; (sys_platform == 'win32')", 'Requires-Dist: old ==1.* ; python_version < "3"',
            "Provides-Extra: more", "Requires-Dist: alpha[x] >=1.0,<1.1 ; extra == 'more'",
        ])  # fmt: skip
        for text, expected in (
            ("^0.2.3", ">=0.2.3,<0.3"), ("^0.0.3", ">=0.0.3,<0.0.4"), ("^0", ">=0,<1"), ("~1", ">=1,<2"), ("1.2", "==1.2"),
            (">=1, <2", ">=1,<2"), ("^1.2.3-beta.1", ">=1.2.3-beta.1,<2"), ("1.2.*", "==1.2.*"), ("!=1.5", "!=1.5"), ("*", ""),
        ):  # fmt: skip
            self.assertEqual(specifier(text), expected, text)
        for need in ('{path = "../x"}', '"^1 || ^2"', '{git = "https://x/y"}'):
            broken = toml.replace('"^2.0"', need)
            self.fails(f"%pip install {self.make({'pyproject.toml': broken, 'own_thing.py': ''})}", "UsageError")

    def test_setup_py_with_literals(self) -> None:
        text = """
import os
from setuptools import find_packages, setup
NEEDS = ["beta>=1"]
raise SystemExit("it was run")
setup(
    name="own-thing", packages=find_packages(), install_requires=NEEDS, long_description=open("README").read(),
    extras_require={"more": "alpha"}, entry_points={"console_scripts": ["own-thing = own_thing:main"]},
)
"""
        project = self.make({"setup.py": text, "own_thing/__init__.py": "__version__ = '0.3'", "tests/__init__.py": ""})
        for option in ("", "-e "):
            self.clear()
            self.ok(f"%pip install {option}{project}")
            self.assertIn("own-thing-0.3" if option else "own_thing-0.3", self.printed().replace("Installed beta-2.0 ", ""))
        for old, new, reason in (
            ('name="own-thing"', "name=name()", "tells its name"),
            ("install_requires=NEEDS", "install_requires=needs()", "its requirements are only known"),
            ("install_requires=NEEDS", "**more", "its requirements are only known"),
            ("entry_points={", "entry_points=more or {", "its scripts are only known"),
        ):
            broken = self.make({"setup.py": text.replace(old, new), "own_thing/__init__.py": "__version__ = '1'"})
            self.assertIn(reason, self.fails(f"%pip install {broken}", "UsageError")["evalue"])

    def test_namespaces(self) -> None:
        files = {"pyproject.toml": self.TABLE, "space/part/__init__.py": "", "docs/x/conf.py": "", "data/x.txt": ""}
        self.assertEqual(self.installed(files), ["space/part/__init__.py"])

    def test_requirements_in_a_file_of_setuptools(self) -> None:
        table = '[project]\nname = "own-thing"\nversion = "1"\ndynamic = ["dependencies"]\n'
        told = '[tool.setuptools.dynamic]\ndependencies = {file = ["needs.txt"]}\n'
        files = {"pyproject.toml": table + told, "needs.txt": "# all\nbeta  # one\n", "own_thing.py": ""}
        self.ok(f"%pip install {self.make(files)}")
        self.assertEqual(self.printed(), "Installed beta-2.0 own_thing-1\n")

    def test_what_takes_a_real_build(self) -> None:
        dynamic = '[project]\nname = "own-thing"\nversion = "1"\ndynamic = ["dependencies"]\n'
        module = {"own_thing.py": ""}
        for files, reason in (
            ({"pyproject.toml": f"{self.TABLE}[build-system]\nbuild-backend = 'maturin'\n", **module}, "it is built with maturin"),
            ({"pyproject.toml": f"{self.TABLE}[tool.hatch.build.hooks.vcs]\nx = 1\n", **module}, "its build runs hooks"),
            ({"pyproject.toml": self.TABLE, "setup.py": "setup(ext_modules=[])", **module}, "its setup.py builds more"),
            ({"pyproject.toml": self.TABLE, "own_thing/__init__.py": "", "own_thing/fast.c": ""}, "own_thing/fast.c has to be"),
            ({"pyproject.toml": self.TABLE}, "does not tell which modules it has"),
            ({"pyproject.toml": f"{self.TABLE}[tool.setuptools]\npackages = ['../other']\n"}, "is not in it"),
            ({"pyproject.toml": f"{self.TABLE}[tool.setuptools]\npackages = ['none']\n"}, "it has no none"),
            ({"pyproject.toml": dynamic, **module}, "its requirements are only known when it is built"),
            ({"setup.py": "setup()", **module}, "and nothing can be built here"),
        ):
            with self.subTest(reason):
                self.assertIn(reason, self.fails(f"%pip install {self.make(files)}", "UsageError")["evalue"])

    def test_what_archives_tell(self) -> None:
        info = {"PKG-INFO": "Metadata-Version: 2.1\nName: own-thing\nVersion: 2.0\nSummary: Mine\n"}
        told = {"Requires-Dist: beta>=1\n": ["beta"], "": []}
        egg = {
            "requires.txt": 'beta\n\n[:python_version<"3"]\nnothere\n\n[fast:os_name=="posix"]\nalpha\n',
            "top_level.txt": "one\ntwo\n", "entry_points.txt": "[console_scripts]\nRun-It = one:main\n",
        }  # fmt: skip
        modules = {"one/__init__.py": "", "two.py": "", "tests/__init__.py": "", "setup.py": "raise SystemExit"}
        for place in ("", "src/"):
            files = {f"{place}{name}": text for name, text in modules.items()}
            files |= {f"{place}own_thing.egg-info/{name}": text for name, text in egg.items()}
            with self.subTest(place):
                found = self.installed({**info, **files}, "gztar")
                self.assertEqual(found[1:], ["one/__init__.py", "two.py"])
                self.assertTrue(found[0].endswith("/bin/Run-It"), found)
        files = {**info, "own_thing.py": "", "pyproject.toml": "[build-system]\nbuild-backend = 'poetry.core.masonry.api'\n"}
        for more in told:
            files["PKG-INFO"] = info["PKG-INFO"] + more
            self.assertEqual(self.installed(files, "gztar"), ["own_thing.py"])
        untold = {**info, "own_thing.py": "", "setup.py": "setup(install_requires=needs())"}
        evalue = self.fails(f"%pip install {self.make(untold)}", "UsageError")["evalue"]
        self.assertIn("its requirements are only known when it is built", evalue)

    def test_sources_of_an_index(self) -> None:
        def archive(name: str, files: dict[str, str]) -> bytes:
            stream = io.BytesIO()
            with tarfile.open(fileobj=stream, mode="w:gz") as tar:
                for path, text in {"PKG-INFO": "Name: own-thing\nVersion: 2.0\n", **files}.items():
                    info = tarfile.TarInfo(f"{name}/{path}")
                    info.size = len(text)
                    tar.addfile(info, io.BytesIO(text.encode()))
            return stream.getvalue()

        built = Archive(wheel_of_sources(archive("own-thing-2.0", {"own_thing.py": "x = 1"}), "own-thing-2.0.tar.gz"), "x.whl")
        self.assertEqual(built.modules(), {"own_thing"})
        self.assertFalse(built.has("direct_url.json"))
        for content, name, reason in (
            (archive("own-thing-2.0", {"own_thing.py": ""}), "other-2.0.tar.gz", "it has the project own-thing"),
            (archive("own-thing-2.0", {"own_thing/x.pyx": ""}), "own-thing-2.0.tar.gz", "own_thing/x.pyx has to be compiled"),
            (archive("../..", {"own_thing.py": ""}), "own-thing-2.0.tar.gz", "is refused: it would write to"),
            (b"none", "own-thing-2.0.tar.gz", "is damaged"),
        ):
            with self.assertRaisesRegex(PackageError, reason):
                wheel_of_sources(content, name)

    def test_extensions_that_the_code_does_without(self) -> None:
        setup = "import setuptools\nsetuptools.setup(ext_modules=[setuptools.Extension('own_thing._fast', ['own_thing/_fast.c'])])"
        tried = "try:\n    from ._fast import f\nexcept ImportError:\n    from .slow import f\n"
        files = {"PKG-INFO": "Name: own-thing\nVersion: 2.0\n", "setup.py": setup, "own_thing/_fast.c": "",
                 "own_thing/__init__.py": tried, "own_thing/slow.py": ""}  # fmt: skip
        self.assertEqual(self.installed(files, "gztar"), ["own_thing/__init__.py", "own_thing/slow.py"])
        through = {"own_thing/__init__.py": "import contextlib\nwith contextlib.suppress(ImportError):\n    from . import fast",
                   "own_thing/fast.py": "from own_thing._fast import f"}  # fmt: skip
        found = ["own_thing/__init__.py", "own_thing/fast.py", "own_thing/slow.py"]
        self.assertEqual(self.installed({**files, **through}, "gztar"), found)
        for more in (
            {"own_thing/__init__.py": "from ._fast import f"},
            {"own_thing/__init__.py": ""},
            {"own_thing/__init__.py": tried.replace("from .slow import f", "raise")},
            {"own_thing/__init__.py": tried.replace("ImportError", "KeyError")},
            {"own_thing/api.py": "import own_thing.core", "own_thing/core.py": "def f():\n    import own_thing._fast"},
        ):
            evalue = self.fails(f"%pip install {self.make({**files, **more})}", "UsageError")["evalue"]
            self.assertIn("its code needs own_thing._fast, which has to be compiled", evalue)
        deep = "x = " + "1 + " * 100_000 + "1"
        evalue = self.fails(f"%pip install {self.make({**files, 'own_thing/slow.py': deep})}", "UsageError")["evalue"]
        self.assertIn("its code is nested too deeply", evalue)
        plain = {**files, "setup.py": "", "own_thing/deep.py": deep}
        del plain["own_thing/_fast.c"]
        self.assertIn("own_thing/deep.py", self.installed(plain, "gztar"))
        for text in (setup.replace("'own_thing._fast'", "name"), f"{setup}\nrust_extensions = []", f"{setup}\n{deep}"):
            evalue = self.fails(f"%pip install {self.make({**files, 'setup.py': text})}", "UsageError")["evalue"]
            self.assertIn("its setup.py builds more than modules", evalue)

    def test_archives_that_are_none(self) -> None:
        directory = self.make({"broken-1.tar.gz": "no archive", "broken-1.zip": "no archive"})
        for name in os.listdir(directory):
            self.assertIn("is damaged", self.fails(f"%pip install {directory}/{name}", "UsageError")["evalue"])
        self.assertIn("No such file", self.fails(f"%pip install {directory}/none.tar.gz", "UsageError")["evalue"])
        self.assertIn("save the archive", self.fails("%pip install https://x/a-1.tar.gz", "UsageError")["evalue"])

    def test_links_out_of_a_project(self) -> None:
        project = self.make({"pyproject.toml": self.TABLE, "own_thing/__init__.py": ""})
        os.symlink("/etc/passwd", os.path.join(project, "own_thing", "leak.txt"))
        self.ok(f"%pip install --no-deps {project}")
        self.assertFalse(os.path.exists(os.path.join(self.source.directory, "own_thing", "leak.txt")))

    def test_archives_that_would_write_elsewhere(self) -> None:
        directory = self.make({})
        with tarfile.open(os.path.join(directory, "evil-1.tar.gz"), "w:gz") as archive:
            info = tarfile.TarInfo("../evil.txt")
            archive.addfile(info)
        self.assertIn("it would write to", self.fails(f"%pip install {directory}/evil-1.tar.gz", "UsageError")["evalue"])

    def test_archives_that_are_too_large(self) -> None:
        path = os.path.join(self.make({}), "bomb-1.zip")
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("bomb-1/x", bytes(2**20))
        with unittest.mock.patch("deno_kernel.packages.building._MOST_BYTES", 2**19):
            self.assertIn("it takes more than", self.fails(f"%pip install {path}", "UsageError")["evalue"])


class Advice(PackageCase):
    def setUp(self) -> None:
        # This machine may have the packages.
        self.enterContext(unittest.mock.patch("sys.path", [it for it in sys.path if not it.endswith("-packages")]))
        super().setUp()


    def test_packages_that_everybody_knows(self) -> None:
        for code, module, package in (
            ("import cv2", "cv2", "opencv-python"),
            ("if True:\n    import cv2.data", "cv2", "opencv-python"),
            ("import google.protobuf.message", "google", "protobuf"),
            ("from google.cloud import storage", "google", "google-cloud-storage"),
            ("from google.cloud import nothing", "google", None),
            ("import flask_cors", "flask_cors", "flask-cors"),
            ("__import__('cv2')", "cv2", "opencv-python"),
            ("await asyncio.sleep(0)\nimport cv2", "cv2", "opencv-python"),
            ("import numpyy", "numpyy", None),
            ("import email.nothing", "email.nothing", None),
            ("raise ModuleNotFoundError('No module named x', name='cv2')", "", None),
        ):
            with self.subTest(code):
                self.ok("import asyncio")
                failure = self.fails(code, "ModuleNotFoundError")
                line = f"{module} comes with the package {package}: run %pip install {package}"
                self.assertEqual(str(failure["traceback"]).count(line), 0 if package is None else 1)
                self.assertEqual("comes with" in str(failure["traceback"]), package is not None)

    def test_imports_that_are_tried(self) -> None:
        self.ok("try:\n    import cv2\nexcept ImportError as error:\n    print(error, getattr(error, '__notes__', None))")
        self.assertEqual(self.printed(), "No module named 'cv2' None\n")

    def test_modules_that_their_package_does_not_have(self) -> None:
        self.source.packages["beta"]["imports"] = ["beta", "older_name"]
        self.ok("import beta")
        for code in ("import older_name", "import older_name", "from older_name import x"):
            evalue = self.fails(code, "ModuleNotFoundError")["evalue"]
            self.assertEqual(evalue, "No module named 'older_name': beta 2.0, which is installed, has no such module")
        self.assertEqual(self.ok("import importlib.util\nimportlib.util.find_spec('older_name')"), None)
        self.assertLess(len(self.source.questions), 12)
        self.assertEqual(self.source.fetched, ["beta"])

    def test_modules_that_the_distribution_does_not_list(self) -> None:
        self.source.add("python-docx", "1.0", {"docx.py": "value = 1"})
        self.source.packages["python-docx"]["imports"] = ["python_docx"]
        self.kernel.packages.forget()
        self.assertEqual(self.ok("import docx\ndocx.value"), "1")


class ModulesOfAnIndex(PackageCase):
    def setUp(self) -> None:
        # This machine may have the packages.
        self.enterContext(unittest.mock.patch("sys.path", [it for it in sys.path if not it.endswith("-packages")]))
        super().setUp()
        self.source.index_url = "https://index/simple"
        for package, module in (("seaborn", "seaborn"), ("python-docx", "docx")):
            self.source.files[package] = wheel(package.replace("-", "_"), "1.0", {f"{module}.py": "value = 5"})

    def plan(self, name: str) -> None:
        content = self.source.files[name]
        self.source.plan = {
            "install": [{
                "name": name, "version": "1.0", "origin": "index", "file": f"{name.replace('-', '_')}-1.0-py3-none-any.whl",
                "address": f"https://index/{name}", "sha256": hashlib.sha256(content).hexdigest(), "size": None, "requested": True,
            }],
            "notes": [], "complete": True,
        }  # fmt: skip

    def asked(self) -> list[str]:
        return [name for question in self.source.questions for name in question["requirements"]]

    def test_of_generally_known_packages_are_installed(self) -> None:
        self.plan("seaborn")
        self.assertEqual(self.ok("import seaborn\nseaborn.value"), "5")
        self.plan("python-docx")
        self.assertEqual(self.ok("def f():\n    import docx\n    return docx.value\nf()"), "5")
        self.assertEqual(self.asked(), ["seaborn", "python-docx"])

    def test_of_other_names_are_not_asked_for(self) -> None:
        for code in ("import seabron", "import docs", "import utils.nothing"):
            self.assertNotIn("%pip", self.fails(code, "ModuleNotFoundError")["evalue"])
        self.assertEqual(self.asked(), [])

    def test_that_cannot_be_had_say_so_and_are_asked_for_once_by_libraries(self) -> None:
        self.assertIn("Cannot install seaborn", self.fails("import seaborn", "ModuleNotFoundError")["evalue"])
        asked = len(self.source.questions)
        self.fails("import seaborn", "ModuleNotFoundError")
        again = len(self.source.questions)
        self.assertGreater(again, asked)
        self.assertIn("Cannot install", self.fails("__import__('seaborn')", "ModuleNotFoundError")["evalue"])
        self.assertEqual(len(self.source.questions), again)

    def test_that_a_library_wants_are_installed_if_it_imports_and_mentions_them(self) -> None:
        code = (
            "from importlib.util import find_spec\ndef look():\n    return find_spec('seaborn')\n"
            "def use():\n    import seaborn\n    return seaborn.value\ndef try_other():\n    import docx\n"
        )
        self.source.add("delta", "1.0", {"delta.py": code})
        self.source.files["delta"] = wheel("delta", "1.0", {"delta.py": code}, "Requires-Dist: seaborn; extra == 'x'\n")
        self.ok("import delta")
        self.source.questions.clear()
        with unittest.mock.patch("site.getsitepackages", lambda: [self.source.directory]):
            self.assertEqual(self.ok("delta.look() is None"), "True")
            self.assertEqual(self.fails("delta.try_other()", "ModuleNotFoundError")["evalue"], "No module named 'docx'")
            self.assertEqual(self.asked(), [])
            self.plan("seaborn")
            self.assertEqual(self.ok("delta.use()"), "5")


class RequirementsFiles(PackageCase):
    def test_all_that_a_file_may_have(self) -> None:
        directory = self.source.directory

        def write(name: str, text: str, encoding: str = "utf-8") -> str:
            with open(os.path.join(directory, name), "w", encoding=encoding) as file:
                file.write(text)
            return file.name

        os.environ["EXTRA"] = "beta"
        self.addCleanup(os.environ.pop, "EXTRA")
        write("more.txt", "-r all.txt\n${EXTRA}  # a variable\n./own-1-py3-none-any.whl")
        write("limits.txt", "alpha<2")
        text = (
            "--index-url https://example.com/simple\n-r more.txt\n-c limits.txt\nalpha[x] >= 1 ; \\\n"
            f"  python_version > '3' \\\n  --hash=sha256:{'0' * 64}\n--pre\n"
        )
        found = Requirements()
        read_requirements_file(write("all.txt", text, "utf-8-sig"), found)
        local = os.path.join(directory, "./own-1-py3-none-any.whl")
        self.assertEqual(found.requirements, ["beta", local, "alpha[x] >= 1 ;    python_version > '3'"])
        self.assertEqual(found.constraints, ["alpha<2"])
        self.assertTrue(found.prereleases)
        self.assertEqual(found.hashes, {"alpha": frozenset({"0" * 64})})

    def test_files_at_addresses(self) -> None:
        texts = {
            "https://a.example/r/all.txt": b"-r more.txt\n-c https://b.example/c.txt\nalpha\n",
            "https://a.example/r/more.txt": b"\xef\xbb\xbfbeta # one\n",
            "https://b.example/c.txt": b"alpha<2\n",
        }
        asked: list[str] = []

        async def download(url: str) -> tuple[int, bytes]:
            asked.append(url)
            if "refused" in url:
                raise OSError("Error: the kernel was granted no hosts")
            return (200, texts[url]) if url in texts else (404, b"")

        self.source.download = download  # type: ignore[method-assign]
        found = Requirements(download=self.kernel.packages.questions.download_text)
        read_requirements_file("https://a.example/r/all.txt", found)
        self.assertEqual((found.requirements, found.constraints), (["beta", "alpha"], ["alpha<2"]))
        self.assertEqual(asked, list(texts))
        for url, reason in (("https://a.example/none.txt", "status 404"), ("https://refused/c.txt", "granted no hosts")):
            for option in ("-r", "-c"):
                evalue = self.fails(f"%pip install {option} {url} alpha", "UsageError")["evalue"]
                self.assertTrue(evalue.startswith(f"Cannot fetch {url}: ") and evalue.endswith(reason), evalue)

    def test_forms_of_packages(self) -> None:
        path = os.path.join(self.source.directory, "r.txt")
        for text, expected in (
            ("--only-binary :all:", Formats(frozenset({":all:"}))),
            ("--only-binary=A_b,c", Formats(frozenset({"a-b", "c"}))),
            ("--no-binary a\n--only-binary=a", Formats(frozenset({"a"}))),
            ("--no-binary a\n--only-binary :all:", Formats(frozenset({":all:"}))),
            ("--no-binary a,b\n--no-binary :none:", Formats()),
            ("--no-binary :none:\n--prefer-binary", Formats(prefer_binary=True)),
        ):
            with self.subTest(text):
                with open(path, "w") as file:
                    file.write(text)
                found = Requirements()
                read_requirements_file(path, found)
                self.assertEqual(found.request().formats, expected)
        self.ok("%pip install -q --only-binary=:all: --prefer-binary --no-binary :none: beta")
        self.assertIn("only-binary", self.fails("%pip install alpha --only-binary", "UsageError")["evalue"])

    def test_another_hash_is_refused(self) -> None:
        path = os.path.join(self.source.directory, "r.txt")
        with open(path, "w") as file:
            file.write(f"beta --hash=sha256:{'0' * 64}")
        evalue = self.fails(f"%pip install -r {path}", "UsageError")["evalue"]
        self.assertIn("its hash is none that the requirements name", evalue)
        self.assertEqual(os.listdir(self.source.directory), ["r.txt"])
