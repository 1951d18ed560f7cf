from __future__ import annotations

import importlib
import os
import sys
import tempfile
import unittest
import zipfile
import zipimport
from types import CodeType
from typing import Any

from deno_kernel.imports.zip_imports import compile_once

_zipimport: Any = zipimport


class CompileOnce(unittest.TestCase):
    def setUp(self) -> None:
        self.compiled: list[str] = []
        original = _zipimport._compile_source
        self.addCleanup(setattr, _zipimport, "_compile_source", original)

        def count(path: str, source: bytes) -> CodeType:
            self.compiled.append(os.path.basename(path))
            return original(path, source)

        _zipimport._compile_source = count
        compile_once()
        compile_once()

    def archive(self, **sources: str) -> None:
        path = os.path.join(self.enterContext(tempfile.TemporaryDirectory()), "lib.zip")
        with zipfile.ZipFile(path, "w") as archive:
            for name, source in sources.items():
                archive.writestr(f"{name}.py", source)
        sys.path.insert(0, path)
        self.addCleanup(sys.path.remove, path)
        for name in sources:
            self.addCleanup(sys.modules.pop, name, None)

    def test_modules_that_import_each_other(self) -> None:
        self.archive(zipped_a="import zipped_b\nvalue = zipped_b.value + 1", zipped_b="value = 41")
        self.assertEqual(importlib.import_module("zipped_a").value, 42)
        self.assertEqual(self.compiled, ["zipped_a.py", "zipped_b.py"])

    def test_a_module_that_is_loaded_again_with_another_source(self) -> None:
        self.archive(zipped_a="value = 1")
        self.assertEqual(importlib.import_module("zipped_a").value, 1)
        del sys.modules["zipped_a"]
        self.archive(zipped_a="value = 2")
        self.assertEqual(importlib.import_module("zipped_a").value, 2)

    def test_what_cannot_be_compiled(self) -> None:
        self.archive(zipped_a="{{ no Python }}")
        for _ in range(2):
            with self.assertRaises(SyntaxError):
                importlib.import_module("zipped_a")
