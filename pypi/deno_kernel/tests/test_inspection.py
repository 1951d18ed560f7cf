from __future__ import annotations

from .support import KernelCase, plain


class Inspection(KernelCase):
    def inspect(self, text: str, detail: int = 0) -> str:
        cursor = text.index("|") if "|" in text else len(text)
        self.reply = self.call("inspect", code=text.replace("|", ""), cursorPos=cursor, detailLevel=detail)
        self.assertNotIn("error", self.reply)
        return plain(self.reply["data"].get("text/plain", "")) if self.reply["found"] else ""

    def test_functions(self) -> None:
        self.ok("def f(x, y=2):\n    '''Doc of f.\n\n    More.\n    '''\n    return x + y")
        text = self.inspect("f")
        self.assertEqual(text, "Signature:  f(x, y=2)\nDocstring:\nDoc of f.\n\nMore.\nFile:       <cell In[1]>\nType:       function")
        self.assertIn("return x + y", self.inspect("f", 1))
        self.assertNotIn("Docstring", self.inspect("f", 1))

    def test_where_the_cursor_may_be(self) -> None:
        self.ok("class A:\n    def run(self, speed): 'Runs.'\na = A()")
        for code in ["a.run", "a.r|un", "a.run|(1)", "a.run(|", "a.run(1, |", "x = a.run(2,\n|3)"]:
            with self.subTest(code=code):
                self.assertIn("Runs.", self.inspect(code))
        self.assertIn("Type:       A", self.inspect("a|.run"))

    def test_values(self) -> None:
        self.ok("n = [1, 2, 3]")
        text = self.inspect("n")
        for part in ["Type:       list", "String form: [1, 2, 3]", "Length:     3", "Docstring:"]:
            self.assertIn(part, text)
        self.ok("long = 'x' * 1000")
        self.assertIn("... (1000 characters)", self.inspect("long"))

    def test_classes(self) -> None:
        self.ok("class Base:\n    'The base.'\n    def __init__(self, a):\n        'Makes one.'\nclass Sub(Base): pass")
        text = self.inspect("Base")
        for part in ["Init signature: Base(a)", "The base.", "Init docstring:\nMakes one.", "Subclasses: Sub", "Type:       type"]:
            self.assertIn(part, text)
        self.assertIn("class Base:\n    'The base.'\n    def __init__", self.inspect("Base", 1))

    def test_builtins_and_modules(self) -> None:
        self.assertIn("Return", self.inspect("len"))
        self.ok("import json")
        text = self.inspect("json.dumps")
        self.assertIn("json/__init__.py", text)
        self.assertIn("Signature:", text)
        self.assertIn("module", self.inspect("json"))

    def test_imports_that_have_not_run(self) -> None:
        self.assertIn("square root", self.inspect("import math as m\nm.sqrt("))
        self.assertIn("basename(p)", self.inspect("from os.path import basename\nbasename"))
        self.assertEqual(self.inspect("import nonexistent\nnonexistent"), "")

    def test_methods_that_print_or_never_end(self) -> None:
        self.ok("class Loud:\n    def __repr__(self): print('heard'); return 'loud'\nloud = Loud()")
        self.ok("class Slow:\n    def __repr__(self):\n        while True: pass\nslow = Slow()")
        self.clear()
        self.assertIn("loud", self.inspect("loud"))
        self.assertEqual(self.inspect("slow"), "")
        self.assertEqual(self.printed(), "")

    def test_long_signatures_and_custom_documentation(self) -> None:
        self.ok("def long(first_argument: dict[str, int], /, second_argument: str = 'a, b', *, third_argument: bool = False) -> None: pass")
        self.assertIn(
            "Signature:\nlong(\n    first_argument: dict[str, int],\n    /,\n    second_argument: str = 'a, b',\n    *,\n"
            "    third_argument: bool = False,\n) -> None\n", self.inspect("long"),
        )  # fmt: skip
        self.ok("class Table:\n    __custom_documentations__ = {'price': 'In euros.'}\ntable = Table()")
        self.assertIn("Docstring:\nIn euros.", self.inspect("table.price"))
        self.assertEqual(self.inspect("table.other"), "")

    def test_parts_of_a_description(self) -> None:
        self.ok("class A:\n    'Doc of A.'\n    def __init__(self, x): 'Makes one.'\n    def __call__(self, y): 'Calls it.'\na = A(1)")
        self.ok("i = get_ipython().object_inspect('a')")
        self.assertEqual(self.ok("i['docstring'], i['init_docstring'], i['definition'], i['call_docstring']"), "('Doc of A.', 'Makes one.', 'a(y)', 'Calls it.')")
        self.assertEqual(self.ok("get_ipython().object_inspect('A')['init_definition']"), "'A(x)'")
        self.assertEqual(self.ok("get_ipython().object_inspect('nope')['found']"), "False")

    def test_where_names_are_found(self) -> None:
        self.ok("class A:\n    @property\n    def p(self): 1/0\na = A()\nfind = get_ipython()._ofind")
        self.assertEqual(self.ok("i = find('a.p'); i.obj is A.p, i.parent is a, i.namespace"), "(True, True, 'Interactive')")
        self.assertEqual(self.ok("find('len').namespace, find('%time').ismagic, find('nope').found"), "('Python builtin', True, False)")

    def test_not_found(self) -> None:
        for code in ["", "nope", "1 +", "nope.x", "f(", "5"]:
            with self.subTest(code=code):
                self.inspect(code)
                if code != "5":
                    self.assertEqual(self.reply, {"found": False, "data": {}, "metadata": {}})

    def test_magics(self) -> None:
        self.assertIn("Times many runs", self.inspect("%timeit"))
        self.assertIn("Runs a cell and captures", self.inspect("%%capture"))

    def test_nothing_is_run(self) -> None:
        self.ok("ran = []\nclass P:\n    @property\n    def prop(self): ran.append(1)\np = P()")
        self.inspect("p.prop.x")
        self.inspect("p.prop")
        self.assertEqual(self.names["ran"], [])

    def test_objects_that_resist(self) -> None:
        self.ok("class Bad:\n    def __str__(self): 1/0\n    def __len__(self): 1/0\nbad = Bad()")
        self.assertIn("Bad", self.inspect("bad"))

    def test_cursor_out_of_range(self) -> None:
        self.assertTrue(self.call("inspect", code="len", cursorPos=50, detailLevel=0)["found"])
        self.assertTrue(self.call("inspect", code="len", cursorPos=-1)["found"])
