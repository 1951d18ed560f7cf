from __future__ import annotations

import json
import unittest

from deno_kernel.host.json_text import jsonable, to_json


def strict(text: str) -> object:
    def refuse(name: str) -> None:
        raise AssertionError(f"{name} is no JSON")

    return json.loads(text, parse_constant=refuse)


class ToJson(unittest.TestCase):
    def check(self, value: object, expected: object) -> None:
        self.assertEqual(strict(to_json(value)), expected)

    def test_plain_values(self) -> None:
        for value in [None, True, 5, 1.5, "é\ud800\0", [], {}, [1, [2]], {"a": {"b": []}}]:
            self.check(value, value)

    def test_no_nan_or_infinity(self) -> None:
        self.check([float("nan"), float("inf"), -float("inf"), 1.0], [None, None, None, 1.0])
        self.check({"a": {"b": float("nan")}}, {"a": {"b": None}})

    def test_keys_become_strings(self) -> None:
        self.check({1: 1, None: 2, True: 3, (1, 2): 4, 1.5: 5}, {"1": 3, "null": 2, "(1, 2)": 4, "1.5": 5})

    def test_strangers_become_text(self) -> None:
        class Odd:
            def __str__(self) -> str:
                return "odd"

        class Broken:
            def __str__(self) -> str:
                raise ValueError

        self.check([Odd(), 1j, {1}, b"\xff\0", bytearray(b"ab"), memoryview(b"c")], ["odd", "1j", [1], "/wA=", "YWI=", "Yw=="])
        self.assertIn("Broken object", strict(to_json([Broken()]))[0])  # type: ignore[index]

    def test_circles_and_depth(self) -> None:
        circle: list = [1]
        circle.append(circle)
        self.check(circle, [1, "..."])
        deep: list = []
        for _ in range(2_000):  # WebAssembly cannot even free deeper ones.
            deep = [deep]
        self.assertTrue(to_json(deep))
        self.check([1, 2], [1, 2])  # The encoder works again.

    def test_same_object_twice_is_no_circle(self) -> None:
        shared = [float("nan")]
        self.check([shared, shared], [[None], [None]])

    def test_huge_numbers(self) -> None:
        self.check([10**5000], [hex(10**5000)])

    def test_subclasses(self) -> None:
        class Text(str):
            def __str__(self) -> str:
                return "other"

        class Number(int):
            pass

        self.assertEqual(jsonable([Text("t"), Number(3), float("nan")]), ["t", 3, None])
        self.check(Text("t"), "t")
