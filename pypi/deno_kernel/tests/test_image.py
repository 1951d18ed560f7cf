"""Tests of what a kernel does before it is saved as an image of installed packages."""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
import unittest

from deno_kernel.entry import image


class ReadingFinder:
    """A `ReadingFinder` reads variables when a module is looked for, as packages do when they are imported."""

    def find_spec(self, name: str, path: object, target: object = None) -> None:
        if name == "no_such_module":
            os.environ.get("READ_BY_GET"), "READ_BY_IN" in os.environ, os.getenv("READ_BY_GETENV")


class WarmUp(unittest.TestCase):
    def test_warm_up_leaves_out_what_cannot_be_imported(self) -> None:
        image.warm_up('["json", "no_such_module"]')
        image.warm_up("[]")
        with self.assertRaises(ImportError):
            image.warm_up('["no_such_module"]')

    def test_describe_warm_up_names_the_variables_that_imports_read(self) -> None:
        finder = ReadingFinder()
        sys.meta_path.insert(0, finder)  # type: ignore[arg-type]
        printed = io.StringIO()
        try:
            with contextlib.redirect_stdout(printed):
                image.describe_warm_up('["json", "no_such_module"]')
        finally:
            sys.meta_path.remove(finder)  # type: ignore[arg-type]
        os.environ.get("READ_LATER")
        found = json.loads(printed.getvalue())
        self.assertEqual(found["environ"], ["READ_BY_GET", "READ_BY_GETENV", "READ_BY_IN"])
        self.assertNotIn("json", found["modules"])
