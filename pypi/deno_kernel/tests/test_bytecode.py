from __future__ import annotations

import importlib.util
import io
import json
import marshal
import os
import tempfile
import unittest
import zipfile
from types import CodeType

from deno_kernel.bytecode import compile_wheel

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
        for path, size in header["files"]:
            found[path] = content[at : at + size]
            at += size
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
