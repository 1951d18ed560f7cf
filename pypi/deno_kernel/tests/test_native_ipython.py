"""Compares the kernel's formatters with those of the real IPython."""

from __future__ import annotations

import datetime
import json
import linecache
import random
import re
import subprocess
import sys
import unittest
from collections import OrderedDict, defaultdict, deque
from fractions import Fraction
from xml.parsers.expat import ExpatError

import IPython.display
import numpy
import pandas
from IPython.core.formatters import DisplayFormatter as TheirFormatter
from IPython.core.inputtransformer2 import TransformerManager
from IPython.core.ultratb import AutoFormattedTB
from IPython.lib.pretty import pretty as their_pretty

from deno_kernel.display import objects
from deno_kernel.display.display_formatter import DisplayFormatter
from deno_kernel.display.pretty import pretty
from deno_kernel.execution.tracebacks import TracebackFormatter
from deno_kernel.source.transform import transform_cell

from .support import plain
from .test_interactivity import CELLS, SHOWN


class SameBundles(unittest.TestCase):
    def same(self, obj: object) -> None:
        theirs, ours = TheirFormatter().format(obj), DisplayFormatter().format(obj)
        self.assertEqual(ours[0].keys(), theirs[0].keys())
        self.assertEqual(ours, theirs)

    def test_pandas(self) -> None:
        frame = pandas.DataFrame({"a": [1, 2.5, None], "ü": ["x", "<y>", None]}, index=pandas.Index([3, 4, 5], name="i"))
        for obj in [
            frame, frame["a"], frame.T, frame.describe(), frame.groupby("a").count(), pandas.DataFrame(), frame.iloc[:0], frame.index,
            pandas.DataFrame(numpy.zeros((200, 60))), pandas.Timestamp("2020-01-02"), frame.dtypes, pandas.Categorical(["a", "b"]),
            pandas.date_range("2020-01-01", periods=3), [frame], {"k": frame["a"]},
        ]:  # fmt: skip
            with self.subTest(type=type(obj)):
                self.same(obj)

    def test_numpy(self) -> None:
        for obj in [numpy.arange(5), numpy.eye(3), numpy.float64(1.5), [numpy.eye(2)], {"a": numpy.arange(30)}, numpy.dtype("f8"), numpy.float64]:
            self.same(obj)

    def test_plain_python(self) -> None:
        for obj in [1, "a\nb", [1, "x"], {"a": {1, 2}}, int, None, Fraction(1, 2), datetime.date(2020, 1, 1), OrderedDict(a=1),
                    defaultdict(int, a=1), deque([1]), ValueError("x"), print, range(3), b"x", ..., list(range(200)),
                    re.compile("a"), [re.compile(r"\s+\\'x'", re.I | re.M)], re.compile(b"\\d"), super(int, 3)]:  # fmt: skip
            with self.subTest(obj=obj):
                self.same(obj)


class SameLayout(unittest.TestCase):
    def random_value(self, source: random.Random, depth: int) -> object:
        kind = source.randrange(7 if depth else 2)
        if kind == 0:
            return source.randrange(10 ** source.randrange(1, 12))
        if kind == 1:
            return "x" * source.randrange(30)
        values = [self.random_value(source, depth - 1) for _ in range(source.randrange(8))]
        return [values, tuple(values), dict(enumerate(values)), {f"k{i}": v for i, v in enumerate(values)}, {v for v in values if isinstance(v, int)}][kind - 2]

    def test_random_structures(self) -> None:
        source = random.Random(7)
        for number in range(400):
            value = self.random_value(source, 5)
            self.assertEqual(pretty(value), their_pretty(value), number)


class SameTransformation(unittest.TestCase):
    def test_magics(self) -> None:
        manager = TransformerManager()
        for source in ["%time f(x)\n", "x = %pwd\n", "if a:\n    %cd /tmp\n", "!ls\n", "x = !ls -l\n", "f?\n", "f??\n", "%%time\nx\ny\n",
                       "%%capture out\nbody\n", "%%capture out\nbody", "%%time\nx\n\n", "x = '''\n%no\n'''\n", "a = [\n%b\n]\n", "%time?\n", "!!ls\n", ">>> a\n", "y = 5 \\\n % 3\n",
                       "  x = 1\n  y = 2\nx + y\n", "\tf?\n\n    g\n", "    if 1:\n        x\n", "x = len?\n", "f(1); a.b??\n", "x = 1  # why?\n", "x = 'why?'\n",
                       "if x:  # why?\n    pass\n", "x = %who_ls?\n"]:  # fmt: skip
            with self.subTest(source=source):
                self.assertEqual(transform_cell(source).rstrip(), manager.transform_cell(source).rstrip())


class SameObjects(unittest.TestCase):
    def test_svg(self) -> None:
        for source in ["<svg/>", b"<svg/>", "<?xml version='1.0'?><!-- c --><svg xmlns='http://www.w3.org/2000/svg'><g a='1'></g></svg>\n",
                       "<a><svg b='ü'/><svg/></a>", "<a/>", None]:  # fmt: skip
            with self.subTest(source=source):
                self.assertEqual(objects.SVG(source)._repr_svg_(), IPython.display.SVG(source)._repr_svg_())
        for source in ["nothing of the kind", "<svg>", ""]:
            for cls in (objects.SVG, IPython.display.SVG):
                with self.subTest(source=source, cls=cls), self.assertRaises(ExpatError):
                    cls(source)


class SameTracebacks(unittest.TestCase):
    def lines(self, text: str) -> list[str]:
        return [line for line in plain(text).split("\n") if re.match(r" *-*>? *\d+ ", line)]

    def test_lines_are_dedented(self) -> None:
        for code in [
            "class A:\n    def g(self):\n        def h():\n            a = 1\n            b = 2\n            c = 3\n"
            "            return 1/0\n        d = 1\n        if d:\n            return h()\n        return 0\nA().g()\n",
            "def f():\n    if 1:\n        for i in range(3):\n            1/0\nf()\n",
            "if 1:\n\tif 2:\n\t\tx = 1\n\t\t1/0\n\t\tx\n",
        ]:
            with self.subTest(code=code):
                linecache.cache["<sample>"] = (len(code), None, code.splitlines(True), "<sample>")
                try:
                    exec(compile(code, "<sample>", "exec"), {})
                except ZeroDivisionError as raised:
                    error = raised.with_traceback(raised.__traceback__.tb_next)  # type: ignore[union-attr]
                formatter = AutoFormattedTB(mode="Context", color_scheme="NoColor")
                theirs = formatter.stb2text(formatter.structured_traceback(type(error), error, error.__traceback__))
                ours = TracebackFormatter(lambda filename: None).format(error).traceback
                self.assertEqual(self.lines("\n".join(ours))[-4:], self.lines(theirs)[-4:])


    def test_statements_around_the_failing_one(self) -> None:
        for code in [
            "def f(x):\n    # a comment\n    y = 1\n\n    z = dict(\n        a=1,\n        b=1/0,\n    )\n\n    return z\n\nf(1)\nf(2)\n",
            'def f():\n    """A text\n    of\n    many\n    lines\n    and\n    more\n    """\n    x = 0\n    1/x\nf()\n',
            "try:\n    a = 1\n\n    try:\n        1/0\n    finally:\n        b = 2\nexcept KeyError:\n    pass\nelse:\n    c = 3\n",
            "x = 0; y = 1; 1/x\n\nz = 1; w = [\n  2]\n",
            "class A:\n    b = 1\n    @property\n    def f(self):\n        g = [1/n for n in (1, 0)]\n        return g\nA().f\n",
            "def deco(f):\n    return f()\n\n@deco\ndef f():\n    with open('/dev/null') as g, \\\n         open('/dev/null') as h:\n        1/0\n",
            "match 0:\n    case 1:\n        pass\n    case 0:\n        1/0\n    case _:\n        pass\n",
            "f = lambda n: (\n    1 /\n    n)\n\ng = 1\nh = 2\ni = 3\nf(0)\n",
            "s = \"\"\"\ntext\n\n  more\n\"\"\" + str(1/0)\n\n\n\nt = 1\n# end\n",
            "if 0:\n    a = 1\nelif 1/0:\n    b = 1\nelse:\n    c = 1\n",
            "async def f():\n    1/0\n\nf().send(None)\n",
        ]:
            with self.subTest(code=code):
                self.assertEqual(*self.both(code))

    def test_causes_have_less_context(self) -> None:
        for code in [
            "def f():\n    a = 1\n    b = 2\n    1/0\n    c = 3\n    d = 4\n\ntry:\n    f()\nexcept Exception as e:\n    raise KeyError(1) from e\n",
            "try:\n    1/0\nexcept Exception:\n    a = 1\n    b = 2\n    nope\n    c = 3\n",
        ]:
            with self.subTest(code=code):
                self.assertEqual(*self.both(code))

    def both(self, code: str) -> tuple[str, str]:
        """Returns the tracebacks of some code that fails, as we and as IPython show it."""
        linecache.cache["<sample>"] = (len(code), None, code.splitlines(True), "<sample>")
        try:
            exec(compile(code, "<sample>", "exec"), {})
        except Exception as raised:
            error = raised.with_traceback(raised.__traceback__.tb_next)  # type: ignore[union-attr]
        formatter = AutoFormattedTB(mode="Context", color_scheme="NoColor")
        theirs = formatter.stb2text(formatter.structured_traceback(type(error), error, error.__traceback__))
        ours = plain("\n".join(TracebackFormatter(lambda filename: None).format(error).traceback))
        return _without_arguments(ours), _without_arguments(theirs)


def _without_arguments(traceback: str) -> str:
    """Returns a traceback in which functions have their short names, which is all that older versions show."""
    return re.sub(r"(, in )(?:[\w<>]+\.)*([\w<>]+)(?:\([^)]*\))?", r"\1\2", traceback.rstrip()).replace(", in <module>", "")


SHELL = """
import json, sys, tempfile
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config
shell = InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
shown = []
type(shell.displayhook).write_format_data = lambda self, data, metadata=None: shown.append(data["text/plain"])
type(shell.displayhook).write_output_prompt = lambda self: None
type(shell.displayhook).finish_displayhook = lambda self: None
cells, choices = json.load(sys.stdin)
found = {}
for choice in choices:
    shell.ast_node_interactivity = choice
    found[choice] = []
    for cell in cells:
        shown.clear()
        shell.run_cell(cell, store_history=True)
        found[choice].append(" ".join(shown))
print(json.dumps(found))
"""


class SameInteractivity(unittest.TestCase):
    def test_values_that_cells_show(self) -> None:
        run = subprocess.run(
            [sys.executable, "-c", SHELL], input=json.dumps([CELLS, list(SHOWN)]), capture_output=True, text=True, check=True
        )
        self.assertEqual(json.loads(run.stdout.splitlines()[-1]), SHOWN)


class Completing(unittest.TestCase):
    def test_columns_are_keys_and_attributes(self) -> None:
        from deno_kernel.introspection.completion_keys import keys_of
        from deno_kernel.introspection.evaluation import evaluate

        frame = pandas.DataFrame({"alpha": [1], "beta": [2]})
        self.assertEqual(keys_of(frame), ["alpha", "beta"])
        self.assertIs(type(evaluate("df['alpha'].values.dtype", {"df": frame})), numpy.dtype("i8").__class__)
        self.assertEqual(keys_of(numpy.zeros(2, dtype=[("x", "f8")])), ["x"])
