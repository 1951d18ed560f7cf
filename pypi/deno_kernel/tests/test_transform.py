from __future__ import annotations

import unittest

from deno_kernel.source.transform import transform_cell


def line(name: str, rest: str = "") -> str:
    return f"get_ipython().run_line_magic({name!r}, {rest!r})"


class Magics(unittest.TestCase):
    def check(self, source: str, expected: str) -> None:
        self.assertEqual(transform_cell(source), expected)

    def test_lines(self) -> None:
        self.check("%time f(x)", line("time", "f(x)"))
        self.check("x = 1\n%pwd\ny = 2", f"x = 1\n{line('pwd')}\ny = 2")
        self.check("if x:\n    %cd /tmp\n", f"if x:\n    {line('cd', '/tmp')}\n")
        self.check("%ls -l  ", line("ls", "-l"))
        self.check("%ls \\\n -l\nx", f"{line('ls', '-l')}\n\nx")

    def test_assignments(self) -> None:
        self.check("x = %pwd", f"x = {line('pwd')}")
        self.check("a, b = %time f()", f"a, b = {line('time', 'f()')}")
        self.check("d['k'] = %env HOME", f"d['k'] = {line('env', 'HOME')}")
        self.check("x.y = !ls -l", "x.y = get_ipython().getoutput('ls -l')")

    def test_what_is_python_stays(self) -> None:
        for source in [
            "x = '''\n%time\n!ls\nobj?\n'''", "y = (1\n% 2)", "y = 1 \\\n% 2", "[\n%a\n]", "# %time\n# what?", "'what?'",
            "print('a?')", "x = a % b", "x == %b", "f(a)[b] != c", "assert a, '!x'", "x = {\n!a\n}", 'f"""\n%x\n"""', "r'\\'\nx",
            'rb"%"', "a = b'''\n%x'''",
        ]:  # fmt: skip
            with self.subTest(source=source):
                self.check(source, source)

    def test_after_strings_and_brackets_magics_are_seen_again(self) -> None:
        self.check("x = '''\n%no\n'''\n%pwd", f"x = '''\n%no\n'''\n{line('pwd')}")
        self.check("x = [1,\n2]\n%pwd", f"x = [1,\n2]\n{line('pwd')}")
        self.check("x = 'unclosed\n%pwd", f"x = 'unclosed\n{line('pwd')}")
        self.check("x = 1 # (\n%pwd", f"x = 1 # (\n{line('pwd')}")

    def test_shell(self) -> None:
        self.check("!ls -l 'a b'", "get_ipython().system(\"ls -l 'a b'\")")
        self.check("!!ls", "get_ipython().getoutput('ls')")

    def test_questions(self) -> None:
        for source, magic, name in [("f?", "pinfo", "f"), ("?f", "pinfo", "f"), ("f??", "pinfo2", "f"), ("??f", "pinfo2", "f"),
                                    ("a.b.c ?", "pinfo", "a.b.c"), ("%time?", "pinfo", "%time"), ("a[0].b?", "pinfo", "a[0].b"),
                                    ("*int*?", "psearch", "*int*")]:  # fmt: skip
            with self.subTest(source=source):
                self.check(source, line(magic, name))
        self.check("    f?", line("pinfo", "f"))
        self.check("%%time?", line("pinfo", "%%time"))

    def test_cell_magics(self) -> None:
        self.check("%%time\na\nb", "get_ipython().run_cell_magic('time', '', 'a\\nb\\n')")
        self.check("\n\n%%capture  x y \nbody %b\n", "\n\nget_ipython().run_cell_magic('capture', 'x y', 'body %b\\n')")
        self.check("%%html", "get_ipython().run_cell_magic('html', '', '')")

    def test_cell_magic_only_at_the_top(self) -> None:
        self.check("x\n%%time\ny", f"x\n{line('%time')}\ny")

    def test_number_of_lines_stays(self) -> None:
        for source in ["%a\n%b\n\n!c \\\n d\nx?\ny", "\n%pwd\n", "x = 1\n\n%pwd\n\n"]:
            self.assertEqual(transform_cell(source).count("\n"), source.count("\n"))

    def test_prompts_and_margins_go(self) -> None:
        self.check("In [3]: x = 1\n   ...: y = 2", "x = 1\ny = 2")
        self.check("  a\n  b", "a\nb")
        self.check("  a\n b", "a\n b")  # IPython does so too.
