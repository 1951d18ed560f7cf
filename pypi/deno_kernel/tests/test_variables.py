"""Tests the list of the user's variables."""

from __future__ import annotations

import unittest
from typing import Any

from .support import KernelCase


class Array:
    shape = (2, 3)
    dtype = "float64"
    nbytes = 48


class Table:
    shape = (2, 2)
    columns = ["a", "b"]


class Broken:
    def __repr__(self) -> str:
        raise ValueError("no")

    def __len__(self) -> int:
        raise ValueError("no")

    @property
    def shape(self) -> Any:
        raise ValueError("no")


class Endless:
    def __getattr__(self, name: str) -> Any:
        return self


class VariablesTest(KernelCase):
    def described(self, **values: Any) -> dict[str, dict[str, Any]]:
        self.kernel.namespace.names.update(values)
        return {it["name"]: it for it in self.call("variables")["variables"]}

    def test_tells_names_types_and_values_when_they_are_plain(self) -> None:
        found = self.described(n=42, text="hi", items=[1, 2], table={"a": 1})
        self.assertEqual(list(found), ["items", "n", "table", "text"])
        self.assertEqual(found["n"]["summary"], "42")
        self.assertEqual(found["n"]["type"], "int")
        self.assertIsNone(found["n"]["length"])
        self.assertEqual((found["text"]["summary"], found["text"]["length"]), ("'hi'", 2))
        self.assertEqual((found["items"]["summary"], found["items"]["length"]), ("[1, 2]", 2))
        self.assertGreater(found["items"]["bytes"], 0)

    def test_leaves_out_modules_and_names_that_the_user_has_not_made(self) -> None:
        self.assertEqual(self.described(module=unittest, _private=1), {})

    def test_tells_the_shape_of_arrays_and_tables(self) -> None:
        found = self.described(array=Array(), table=Table())
        self.assertEqual((found["array"]["shape"], found["array"]["summary"]), ([2, 3], "2 x 3 float64"))
        self.assertEqual(found["array"]["bytes"], 48)
        self.assertEqual(found["table"]["summary"], "2 x 2: a, b")

    def test_survives_objects_that_fail(self) -> None:
        found = self.described(broken=Broken(), endless=Endless())
        self.assertEqual(found["broken"]["summary"], "<repr() failed: ValueError>")
        self.assertEqual((found["broken"]["length"], found["broken"]["shape"]), (None, None))
        self.assertIn("endless", found)

    def test_keeps_large_values_short(self) -> None:
        found = self.described(
            big=[0] * 10**6, nested=[[1]], long="x" * 10**6, number=10**10_000, wide=["y" * 10**6], lines="a\nb"
        )
        self.assertEqual(found["big"]["summary"], "1000000 items")
        self.assertEqual(found["nested"]["summary"], "1 items")
        self.assertEqual(len(found["long"]["summary"]), 120)
        self.assertIn("bits", found["number"]["summary"])
        self.assertEqual(found["wide"]["summary"], "1 items")

    def test_tells_of_functions_and_classes_that_the_user_has_made_and_no_others(self) -> None:
        self.ok("class Kind:\n    shape = (1,)\ndef function(): pass\nfrom json import dumps, JSONDecoder")
        found = self.described(kind=Array)
        self.assertEqual(list(found), ["Kind", "function"])
        self.assertTrue(found["Kind"]["summary"].endswith(".Kind"))
        self.assertIsNone(found["Kind"]["shape"])


if __name__ == "__main__":
    unittest.main()
