from __future__ import annotations

import importlib.util
import io
import json
import marshal
import os
import sys
import tempfile
import traceback
import unittest
import warnings
import zipfile
import zlib
from types import CodeType, ModuleType

from deno_kernel.imports.package_warnings import ignore_warnings_about
from deno_kernel.packages.bytecode import compile_archive, compile_wheel

TAG = importlib.util.cache_from_source("x.py").split("x.", 1)[1]


class CompileWheel(unittest.TestCase):
    def compiled(self, files: dict[str, str]) -> tuple[dict[str, bytes], str | None]:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            for path, text in files.items():
                archive.writestr(path, text)
        with tempfile.TemporaryDirectory() as directory:
            source, target = os.path.join(directory, "a.whl"), os.path.join(directory, "a.bytecode")
            with open(source, "wb") as file:
                file.write(stream.getvalue())
            compile_wheel(source, target)
            with open(target, "rb") as file:
                content = file.read()
        at = 4 + int.from_bytes(content[:4], "little")
        header = json.loads(content[4:at])
        found = {}
        for path, size, packed_size in header["files"]:
            found[path] = zlib.decompress(content[at : at + packed_size], wbits=-zlib.MAX_WBITS)
            self.assertEqual(len(found[path]), size)
            at += packed_size
        self.assertEqual(at, len(content))
        return found, header["record"]

    def test_sources_and_nothing_else(self) -> None:
        found, record = self.compiled({
            "alpha/__init__.py": "x = 1", "alpha/b.py": "def f(): return __file__", "alpha/broken.py": "{{ no Python }}",
            "alpha/data.json": "{}", "alpha-1.0.data/scripts/run.py": "x", "alpha-1.0.dist-info/RECORD": "a,,\n",
        })  # fmt: skip
        self.assertEqual(list(found), [f"alpha/__pycache__/__init__.{TAG}", f"alpha/__pycache__/b.{TAG}"])
        self.assertEqual(record, "alpha-1.0.dist-info/RECORD")

    def test_what_is_compiled(self) -> None:
        source = "value = 6 * 7"
        found, record = self.compiled({"alpha.py": source})
        self.assertIsNone(record)
        content = found[f"__pycache__/alpha.{TAG}"]
        self.assertEqual(content[:4], importlib.util.MAGIC_NUMBER)
        self.assertEqual(int.from_bytes(content[4:8], "little"), 0b11, "checked against the source's hash")
        self.assertEqual(content[8:16], importlib.util.source_hash(source.encode()))
        code = marshal.loads(content[16:])
        assert isinstance(code, CodeType)
        self.assertTrue(code.co_filename.endswith("/alpha.py"), code.co_filename)
        names: dict[str, object] = {}
        exec(code, names)
        self.assertEqual(names["value"], 42)

    def test_a_record_that_cannot_be_added_to(self) -> None:
        self.assertEqual(self.compiled({"a-1.0.dist-info/RECORD": "a,,"}), ({}, None))

    def test_warnings_are_nobodys_here(self) -> None:
        with self.assertNoLogs():
            self.compiled({"alpha.py": "x = 1 is 1"})


class Warnings(unittest.TestCase):
    def test_those_about_packages_are_ignored(self) -> None:
        with warnings.catch_warnings(record=True) as caught:
            warnings.resetwarnings()
            ignore_warnings_about("/lib/packages")
            for path in ("/lib/packages/alpha.py", "/lib/packages.py", "/home/alpha.py"):
                compile("1 is 1", path, "exec")
        self.assertEqual([it.filename for it in caught if it.category is SyntaxWarning], ["/lib/packages.py", "/home/alpha.py"])


class CompileArchive(unittest.TestCase):
    def test_modules_come_compiled_with_their_sources_beside_them(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            path = os.path.join(directory, "library.zip")
            with zipfile.ZipFile(path, "w") as archive:
                archive.writestr("one_of_two.py", "def fail():\n    return 1 / 0")
                archive.writestr("package_of_two/__init__.py", "")
                archive.writestr("package_of_two/template.py", "{{ no Python }}")
                archive.writestr("encodings/seldom.py", "")
                archive.writestr("notes.txt", "no source")
            compile_archive(path)
            with zipfile.ZipFile(path) as archive:
                added = [name for name in archive.namelist() if name.endswith(".pyc")]
            self.assertEqual(added, ["one_of_two.pyc", "package_of_two/__init__.pyc"])
            sys.path.insert(0, path)
            self.addCleanup(sys.path.remove, path)
            module = importlib.import_module("one_of_two")
            self.addCleanup(sys.modules.pop, "one_of_two")
            self.assertEqual(module.__file__, f"{path}/one_of_two.pyc")
            try:
                module.fail()
            except ZeroDivisionError:
                self.assertIn("return 1 / 0", traceback.format_exc())
            else:
                self.fail("nothing was raised")

    def test_the_same_archive_each_time_without_what_is_loaded(self) -> None:
        found = []
        with tempfile.TemporaryDirectory() as directory:
            path = os.path.join(directory, "library.zip")
            loaded = ModuleType("loaded_already")
            loaded.__file__ = f"{path}/loaded_already.py"
            sys.modules["loaded_already"] = loaded
            self.addCleanup(sys.modules.pop, "loaded_already")
            for _time in range(2):
                with zipfile.ZipFile(path, "w") as archive:
                    for name in ("loaded_already.py", "other.py"):
                        archive.writestr(zipfile.ZipInfo(name), "x = 1")
                compile_archive(path)
                with open(path, "rb") as file:
                    found.append(file.read())
                with zipfile.ZipFile(path) as archive:
                    self.assertEqual(archive.namelist(), ["loaded_already.py", "other.py", "other.pyc"])
        self.assertEqual(found[0], found[1])
