from __future__ import annotations

import types
import unittest
from collections import Counter, OrderedDict, defaultdict, deque

from deno_kernel.display.pretty import Pretty, pretty


class Layout(unittest.TestCase):
    def test_short_things_stay_on_a_line(self) -> None:
        for value in [[1, 2], (1,), (), {}, {"a": [1]}, "x" * 200, 1.5, None]:
            self.assertEqual(pretty(value), repr(value))

    def test_long_things_break_outside_first(self) -> None:
        self.assertEqual(pretty([[1, 2], [3, 4]], 10), "[[1, 2],\n [3, 4]]")
        self.assertEqual(pretty({"key": [1, 2, 3], "k": 1}, 14), "{'key': [1,\n  2,\n  3],\n 'k': 1}")
        self.assertEqual(len(pretty(list(range(100))).split("\n")), 100)

    def test_exact_width_fits(self) -> None:
        value = ["a" * 34, "b" * 35]
        width = len(repr(value))
        self.assertNotIn("\n", pretty(value, width))
        self.assertIn("\n", pretty(value, width - 1))

    def test_objects_without_a_repr(self) -> None:
        class Plain: ...

        plain = Plain()
        self.assertEqual(pretty([plain]), f"[<{__name__}.{Plain.__qualname__} at {id(plain):#x}>]")

    def test_sets_are_sorted(self) -> None:
        self.assertEqual(pretty({3, 1, 2}), "{1, 2, 3}")
        self.assertEqual(pretty(frozenset("ba")), "frozenset({'a', 'b'})")
        self.assertEqual(pretty({1, "a"}), "{1, 'a'}")
        self.assertEqual(pretty(set()), "set()")

    def test_long_sequences_say_what_is_missing(self) -> None:
        text = pretty(list(range(1500)))
        self.assertTrue(text.endswith(" 999,\n ... 500 more]"), text[-40:])
        self.assertTrue(pretty(dict.fromkeys(range(1001))).endswith(" 999: None,\n ... 1 more}"))
        self.assertTrue(pretty(list(range(1500)), max_seq_length=0).endswith("1499]"))
        self.assertTrue(pretty(list(range(1000))).endswith(" 999]"))

    def test_circles(self) -> None:
        a: list = [1]
        a.append(a)
        d: dict = {}
        d["d"] = d
        self.assertEqual((pretty(a), pretty(d)), ("[1, [...]]", "{'d': {...}}"))
        shared = [1]
        self.assertEqual(pretty([shared, shared]), "[[1], [1]]")

    def test_deep(self) -> None:
        value: list = []
        for _ in range(100):
            value = [value]
        self.assertEqual(pretty(value).count("["), 101)


class Types(unittest.TestCase):
    def test_builtin_types(self) -> None:
        def f(x, y=1): ...

        for value, text in [
            (int, "int"), (OrderedDict, "collections.OrderedDict"), (print, "<function print"), (len, "<function len"),
            (ValueError("x"), "ValueError('x')"), (defaultdict(list, a=[1]), "defaultdict(list, {'a': [1]})"),
            (OrderedDict(a=1), "OrderedDict([('a', 1)])"), (Counter("aab"), "Counter({'a': 2, 'b': 1})"),
            (deque([1], maxlen=3), "deque([1], maxlen=3)"), (types.SimpleNamespace(a=1), "namespace(a=1)"),
            (types.MappingProxyType({"a": 1}), "mappingproxy({'a': 1})"), (f, f"<function {f.__module__}.Types.test_builtin_types.<locals>.f(x, y=1)>"),
        ]:  # fmt: skip
            with self.subTest(text=text):
                self.assertTrue(pretty(value).startswith(text), pretty(value))

    def test_own_reprs_win(self) -> None:
        class L(list):
            def __repr__(self): return "mine\nof two lines"

        class Plain(list): ...

        class Meta(type):
            def __repr__(cls): return "meta!"

        class M(metaclass=Meta): ...

        self.assertEqual(pretty([L()]), "[mine\n of two lines]")
        self.assertEqual(pretty(Plain([1])), "[1]")
        self.assertEqual(pretty(M), "meta!")

    def test_own_printers(self) -> None:
        class P:
            def _repr_pretty_(self, p, cycle):
                if cycle:
                    p.text("P(...)")
                    return
                with p.group(2, "P(", ")"):
                    p.breakable("")
                    p.pretty(self.inside)
                    p.text(",")
                    p.breakable()
                    with p.indent(2):
                        p.text("x")
                        p.break_()
                        p.text("y")

        one = P()
        one.inside = [one]
        self.assertEqual(pretty(one), "P(\n  [P(...)],\n  x\n    y)")

    def test_registered_printers(self) -> None:
        printer = Pretty(registered=lambda typ: (lambda o, p, cycle: p.text("int!")) if typ is int else None)
        self.assertEqual(printer.format([1]), "[int!]")
