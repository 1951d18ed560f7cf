from __future__ import annotations

import os

from .support import KernelCase, plain


class Look(KernelCase):
    def test_whole_text(self) -> None:
        self.ok("def f(x, *a, y=1, **k):\n    z = x\n    return z / 0")
        error = self.fails("a = 1\nf(2)\nb = 3", "ZeroDivisionError")
        rule, header, *rest = [plain(part) for part in error["traceback"]]
        self.assertEqual(rule, "-" * 75)
        self.assertEqual(header, "ZeroDivisionError                         Traceback (most recent call last)")
        self.assertEqual(
            rest,
            [
                "Cell In[2], line 2\n      1 a = 1\n----> 2 f(2)\n      3 b = 3\n",
                "Cell In[1], line 3, in f(x, y, *a, **k)\n"
                "      1 def f(x, *a, y=1, **k):\n      2     z = x\n----> 3     return z / 0\n",
                "ZeroDivisionError: division by zero",
            ],
        )

    def test_colours(self) -> None:
        text = "\n".join(self.fails("1/0", "ZeroDivisionError")["traceback"])
        for part in ["\x1b[31m---", "\x1b[31mZeroDivisionError\x1b[39m", "\x1b[32mIn[1]\x1b[39m", "\x1b[1;32m----> 1\x1b[0m"]:
            self.assertIn(part, text)

    def test_failing_part_is_marked(self) -> None:
        text = "\n".join(self.fails("x = [1, 2]\ny = x[0] + x[5]", "IndexError")["traceback"])
        self.assertIn("y = x[0] + \x1b[43mx[5]\x1b[49m", text)

    def test_nothing_is_marked_in_a_transformed_line(self) -> None:
        self.ok("get_ipython().register_magic_function(lambda line: 1/0, 'line', 'bad')")
        text = "\n".join(self.fails("x = %bad", "ZeroDivisionError")["traceback"])
        self.assertIn("----> 1\x1b[0m x = %bad\n", text)

    def test_none_of_our_frames(self) -> None:
        for code in ["1/0", "import asyncio\nawait asyncio.sleep(0)\n1/0", "get_ipython().ev('1/0')",
                     "%time 1/0", "display(1, bad=2, update=True)"]:  # fmt: skip
            with self.subTest(code=code):
                text = plain(self.run_cell(code)["error"]["traceback"])
                self.assertIn("Cell In[", text)
                self.assertNotIn("deno_kernel", text)

    def test_import_machinery_is_hidden(self) -> None:
        with open("/tmp/dk_broken_module.py", "w") as file:
            file.write("x = 1\n1/0\n")
        self.addCleanup(os.unlink, "/tmp/dk_broken_module.py")
        text = plain(self.fails("import sys\nsys.path.insert(0, '/tmp')\nimport dk_broken_module", "ZeroDivisionError")["traceback"])
        self.assertIn("dk_broken_module.py:2", text)
        self.assertIn("----> 2 1/0", text)
        self.assertNotIn("importlib", text)

    def test_hidden_on_request(self) -> None:
        text = plain(self.fails("def f():\n    __tracebackhide__ = True\n    1/0\nf()", "ZeroDivisionError")["traceback"])
        self.assertNotIn("in f()", text)

    def test_cell_magic_lines_are_the_cells(self) -> None:
        text = plain(self.fails("\n%%time\nx = 1\n1/0", "ZeroDivisionError")["traceback"])
        self.assertIn("----> 4 1/0", text)
        self.assertIn("Cell In[1], line 4", text)


class Modes(KernelCase):
    def test_verbose_shows_the_values_that_the_failing_statements_name(self) -> None:
        self.ok("%xmode Verbose")
        self.ok("class A:\n    def __repr__(self): return 'A()'\ndef f(a, *args, k=None):\n    d = [a] * 3\n    o = A()\n    o.v = 2\n    return d[a] + o.v / (a - len(d))")
        shown = plain(self.fails("f(3, 4, k='s')", "IndexError")["traceback"][-2]).split("\n")
        self.assertEqual(shown[0], "Cell In[2], line 7, in f(a=3, k='s', *args=(4,))")
        self.assertEqual(
            shown[-8:],
            ["      5 o = A()", "      6 o.v = 2", "----> 7 return d[a] + o.v / (a - len(d))",
             "        d = [3, 3, 3]", "        o = A()", "        o.v = 2", "        a = 3", ""],
        )  # fmt: skip

    def test_verbose_runs_no_code_of_the_user_but_repr(self) -> None:
        self.ok("%xmode Verbose")
        self.ok("class A:\n    @property\n    def p(self): print('ran')\n    def __repr__(self): raise KeyError\na = A()")
        text = plain(self.fails("[a, 1 / 0, a.p]", "ZeroDivisionError")["traceback"])
        self.assertIn("        a = <repr() failed: KeyError>\n", text)
        self.assertNotIn("a.p =", text)
        self.assertEqual(self.printed(), "Exception reporting mode: Verbose\n")

    def test_verbose_shows_the_frames_when_a_value_ends_what_shows_it(self) -> None:
        self.ok("%xmode Verbose")
        for how, shown in (("repr", "a = <repr() failed: SystemExit>"), ("getattribute", "--> "), ("interrupt", "--> ")):
            ending = "KeyboardInterrupt" if how == "interrupt" else "SystemExit"
            method = "__getattribute__" if how == "getattribute" else "__repr__"
            self.ok(f"class A:\n    def {method}(*args): raise {ending}\na = A()")
            text = plain(self.fails("a / 0", "TypeError")["traceback"])
            self.assertIn(shown, text)
            self.assertIn("unsupported operand", text)

    def test_minimal_shows_the_last_exception_alone(self) -> None:
        self.ok("%xmode Minimal")
        error = self.fails("try:\n    1/0\nexcept Exception as e:\n    raise ValueError('x') from e", "ValueError")
        self.assertEqual([plain(it) for it in error["traceback"]], ["ValueError: x"])


class Chains(KernelCase):
    def test_cause(self) -> None:
        text = plain(self.fails("try:\n    1/0\nexcept Exception as e:\n    raise KeyError('k') from e", "KeyError")["traceback"])
        first, second = text.split("The above exception was the direct cause of the following exception:")
        self.assertIn("ZeroDivisionError: division by zero", first)
        self.assertIn("KeyError: 'k'", second)

    def test_context_and_its_suppression(self) -> None:
        text = plain(self.fails("try:\n    1/0\nexcept Exception:\n    nope", "NameError")["traceback"])
        self.assertIn("During handling of the above exception, another exception occurred:", text)
        text = plain(self.fails("try:\n    1/0\nexcept Exception:\n    raise KeyError('k') from None", "KeyError")["traceback"])
        self.assertNotIn("ZeroDivisionError", text)

    def test_circle_ends(self) -> None:
        text = plain(self.fails("a, b = KeyError('a'), KeyError('b')\na.__context__ = b\nb.__context__ = a\nraise a", "KeyError")["traceback"])
        self.assertIn("KeyError: 'b'", text)

    def test_groups_show_every_part(self) -> None:
        text = plain(self.fails("raise ExceptionGroup('g', [ValueError('one'), ExceptionGroup('h', [KeyError('two')])])", "ExceptionGroup")["traceback"])
        for part in ["ExceptionGroup: g (2 sub-exceptions)", "1 of 2", "ValueError: one", "2 of 2", "  |   | KeyError: 'two'"]:
            self.assertIn(part, text)

    def test_notes(self) -> None:
        lines = self.fails("e = ValueError('x')\ne.add_note('first')\ne.add_note('second')\nraise e", "ValueError")["traceback"]
        self.assertEqual(lines[-2:], ["first", "second"])
        self.fails("e = ValueError('x')\ne.__notes__ = 5\nraise e", "ValueError")


class Special(KernelCase):
    def test_syntax_error_has_a_caret_and_no_frames(self) -> None:
        error = self.fails("x = 1\ny = (1,\n  2 3)", "SyntaxError")
        (text,) = [plain(part) for part in error["traceback"]]
        self.assertRegex(text, r"^  Cell In\[1\], line 3\n    2 3\)\n    \^\^\^\nSyntaxError: ")

    def test_syntax_error_in_a_file_shows_who_imported_it(self) -> None:
        with open("/tmp/dk_bad_syntax.py", "w") as file:
            file.write("a = 1\nb = = 2\n")
        self.addCleanup(os.unlink, "/tmp/dk_bad_syntax.py")
        text = plain(self.fails("import sys\nsys.path.insert(0, '/tmp')\nimport dk_bad_syntax", "SyntaxError")["traceback"])
        self.assertIn("----> 3 import dk_bad_syntax", text)
        self.assertIn("dk_bad_syntax.py:2", text)
        self.assertIn("b = = 2", text)

    def test_recursion_is_shortened(self) -> None:
        self.ok("def f(n):\n    return f(n + 1)")
        lines = self.fails("f(0)", "RecursionError")["traceback"]
        self.assertLess(len(lines), 12)
        self.assertRegex(plain(lines), r"\.\.\. skipping similar frames: f at line 2 \(\d{3,} times\)")

    def test_mutual_recursion_is_shortened(self) -> None:
        self.ok("def f(): g()\ndef g(): f()")
        lines = self.fails("f()", "RecursionError")["traceback"]
        self.assertLess(len(lines), 12)
        self.assertRegex(plain(lines), r"f at line 1 \(\d+ times\), g at line 2 \(\d+ times\)")

    def test_exceptions_that_resist(self) -> None:
        error = self.fails("class E(Exception):\n    def __str__(self): 1/0\nraise E", "E")
        self.assertEqual(error["evalue"], "<exception str() failed>")
        self.fails("class E(Exception):\n    def _render_traceback_(self): 1/0\nraise E", "E")
        error = self.fails("class E(Exception):\n    def _render_traceback_(self): return ['mine']\nraise E", "E")
        self.assertEqual(error["traceback"], ["mine"])

    def test_plain_mode(self) -> None:
        """Checks what IPython 8.37 shows for the same cells."""
        self.ok("%xmode Plain")
        code = "class A:\n    def f(self, a):\n        return [\n            a / 0,\n        ]\nA().f(1)"
        self.assertEqual(
            plain(self.fails(code, "ZeroDivisionError")["traceback"]),
            "Traceback (most recent call last):\n\n  Cell In[2], line 6\n    A().f(1)\n\n  Cell In[2], line 4 in f\n    a / 0,\n\n"
            "ZeroDivisionError: division by zero",
        )
        self.assertTrue(plain(self.fails("raise ValueError", "ValueError")["traceback"]).endswith("\n\nValueError"))
        self.ok("%xmode Context")

    def test_system_exit_is_one_line(self) -> None:
        self.assertEqual([plain(x) for x in self.fails("import sys; sys.exit('why')", "SystemExit")["traceback"]], ["SystemExit: why"])

    def test_source_of_functions_is_known(self) -> None:
        self.ok("def f():\n    return 1")
        self.assertEqual(self.ok("import inspect; inspect.getsource(f)"), repr("def f():\n    return 1\n"))

    def test_plain_tracebacks_and_warnings_name_the_cell(self) -> None:
        self.ok("import traceback\ntry:\n    1/0\nexcept Exception:\n    traceback.print_exc()")
        self.assertIn('File "<cell In[1]>", line 3', self.printed("stderr"))
        self.assertIn("    1/0", self.printed("stderr"))
        self.ok("import warnings\nwarnings.warn('careful')")
        self.assertIn("<cell In[2]>:2: UserWarning: careful", self.printed("stderr"))

    def test_modes(self) -> None:
        self.ok("%xmode Minimal")
        self.assertEqual([plain(x) for x in self.fails("1/0", "ZeroDivisionError")["traceback"]], ["ZeroDivisionError: division by zero"])
        self.ok("%xmode plain")
        self.assertIn("line 2\n    1/0\n", plain(self.fails("x = 1\n1/0", "ZeroDivisionError")["traceback"]))
        self.fails("%xmode Nonsense", "UsageError")

    def test_showtraceback(self) -> None:
        self.ok("try:\n    1/0\nexcept Exception:\n    get_ipython().showtraceback()")
        self.assertEqual(self.events("execute_error")[0]["ename"], "ZeroDivisionError")
