"""Tests of the values that a debugger shows."""

from __future__ import annotations

import collections
import datetime
import enum
import unittest
from typing import Any

from deno_kernel.debugging.values import References


class Colour(enum.Enum):
    RED = 1


class Account:
    bank = "B"

    def __init__(self) -> None:
        self.owner = "Ann"

    @property
    def text(self) -> str:
        return f"{self.owner} at {self.bank}"

    @property
    def broken(self) -> str:
        raise ValueError("none")

    def close(self) -> None:
        pass


class Values(unittest.TestCase):
    def parts(self, value: Any) -> dict[str, str]:
        references = References()
        shown = references.variable("v", value)
        if not shown["variablesReference"]:
            return {}
        return {part["name"]: part["value"] for part in references.parts(shown["variablesReference"])}

    def text(self, value: Any) -> str:
        return References().variable("v", value)["value"]

    def test_texts_are_reprs(self) -> None:
        for value in ("s" * 900, b"x", bytearray(b"x"), int, len, Colour.RED, datetime.date(2026, 1, 2), range(3), 1.5, None):
            self.assertEqual(self.text(value), repr(value))
        self.assertRegex(self.text(memoryview(b"ab")), "^<memory at ")
        self.assertEqual(len(self.text("s" * 5000)), 1000)
        self.assertEqual(self.text(10**5000), "an integer of 16610 bits")

    def test_parts_include_what_a_class_computes(self) -> None:
        self.assertEqual(self.parts(Account()), {"owner": "'Ann'", "bank": "'B'", "text": "'Ann at B'"})
        self.assertEqual(self.parts(collections.namedtuple("P", "x y")(1, 2)), {"0": "1", "1": "2", "x": "1", "y": "2"})
        self.assertLessEqual({"name": "'RED'", "value": "1"}.items(), self.parts(Colour.RED).items())
        self.assertLessEqual({"year": "2026", "day": "2"}.items(), self.parts(datetime.date(2026, 1, 2)).items())
        self.assertEqual(self.parts(ValueError("v"))["args"], "('v',)")
        for value in (5, "text", b"bytes", bytearray(b"b"), [], {}, None, len):
            self.assertEqual(self.parts(value), {})

    def test_a_computed_part_can_be_assigned_where_its_class_allows_it(self) -> None:
        account, references = Account(), References()
        number = references.variable("account", account)["variablesReference"]
        references.assign(number, "bank", "C")
        self.assertEqual(account.bank, "C")
        with self.assertRaises(AttributeError):
            references.assign(number, "text", "no")


if __name__ == "__main__":
    unittest.main()
