from __future__ import annotations

import os
import tempfile

from deno_kernel.introspection.expressions import trailing_expression

from .support import KernelCase
from .test_stand_ins import without_real_packages


class Completion(KernelCase):
    def complete(self, text: str) -> list[str]:
        """Returns the matches at the | in the text."""
        cursor = text.index("|") if "|" in text else len(text)
        self.reply = self.call("complete", code=text.replace("|", ""), cursorPos=cursor)
        self.assertNotIn("error", self.reply)
        self.assertEqual(self.reply["cursorEnd"], cursor)
        return self.reply["matches"]

    def whole(self, text: str, match: str) -> str:
        """Returns the text after a match was chosen."""
        self.assertIn(match, self.complete(text))
        code = text.replace("|", "")
        return code[: self.reply["cursorStart"]] + match + code[self.reply["cursorEnd"] :]

    def test_names(self) -> None:
        self.ok("alpha_one = 1\nalpha_two = 2\n_alpha = 3")
        self.assertEqual(self.complete("alpha"), ["alpha_one", "alpha_two"])
        self.assertEqual(self.complete("_alp"), ["_alpha"])
        self.assertEqual(self.whole("x = alpha_o| + 1", "alpha_one"), "x = alpha_one + 1")
        self.assertIn("isinstance", self.complete("isin"))
        self.assertIn("lambda", self.complete("lamb"))
        self.assertIn("await", self.complete("awa"))
        self.assertEqual(self.complete("nothing_like_this"), [])

    def test_symbols_by_their_names_and_names_of_symbols(self) -> None:
        self.assertEqual(self.whole("x = \\alpha", "α"), "x = α")
        self.assertIn("\\beta", self.complete("\\bet"))
        self.assertEqual(self.complete("\\GREEK SMALL LETTER OMEGA"), ["ω"])
        self.assertIn("\\ROMAN NUMERAL FIVE", self.complete("\\ROMAN NUMERAL F"))
        self.assertEqual(self.complete("\\α"), ["\\alpha"])
        self.assertEqual(self.complete("f(\\bbR"), ["ℝ"])
        self.assertEqual(self.complete("\\nothing_like_this"), [])
        self.assertEqual(self.complete("'\\alpha"), [])

    def test_positions_are_code_points(self) -> None:
        self.ok("größe = 1")
        self.assertEqual(self.whole("'😀'; grö|", "größe"), "'😀'; größe")
        self.assertEqual(self.reply["cursorStart"], 5)

    def test_cursor_out_of_range(self) -> None:
        self.assertIn("print", self.call("complete", code="pri", cursorPos=99)["matches"])
        self.assertTrue(self.call("complete", code="pri", cursorPos=-5)["matches"])

    def test_attributes(self) -> None:
        self.ok("class A:\n    kind = 'a'\n    def method(self): pass\n    _hidden = 1\na = A()\na.b = A()\nl = [a]\nd = {'k': a}")
        self.assertEqual(self.complete("a."), ["b", "kind", "method"])
        self.assertEqual(self.complete("a.b.me"), ["method"])
        self.assertEqual(self.complete("x + a._h"), ["_hidden"])
        self.assertEqual(self.complete("l[0].k"), ["kind"])
        self.assertEqual(self.complete("d['k'].b.ki"), ["kind"])
        self.assertIn("upper", self.complete("'abc'.up"))
        self.assertIn("append", self.complete("[].app"))
        self.assertIn("items", self.complete("f({'a': 1}.it"))
        self.assertEqual(self.complete("5."), [])
        self.assertEqual(self.complete("nope.x"), [])
        self.assertEqual(self.complete("a..x"), [])

    def test_nothing_is_run(self) -> None:
        self.ok(
            "ran = []\nclass P:\n    @property\n    def prop(self):\n        ran.append(1)\n        return 'x'\n"
            "    def __getattr__(self, n):\n        ran.append(n)\n        raise AttributeError\n"
            "    def __getitem__(self, k):\n        ran.append(k)\n        return self\n"
            "p = P()\ndef f():\n    ran.append('f')\n    return 'x'"
        )
        self.names["ran"].clear()
        self.assertEqual(self.complete("p.prop.up"), [])
        self.assertEqual(self.complete("f().up"), [])
        self.assertEqual(self.complete("p[0].pr"), [])
        self.assertEqual(self.complete("p.pr"), ["prop"])
        self.assertEqual(self.complete("p.nope.x"), [])
        self.assertEqual(self.names["ran"], [])

    def test_objects_that_resist(self) -> None:
        self.ok("class D:\n    def __dir__(self): 1/0\nclass E:\n    def __dir__(self): return [1, 'good', 'not an identifier']\nd, e = D(), E()")
        self.ok("class F:\n    seen = 1\n    def __dir__(self): print('seen by the user'); import time; time.sleep(9)\nf = F()")
        self.ok("class G:\n    def __dir__(self):\n        while True: pass\ng = G()")
        self.ok("class H:\n    own = 1\n    def __dir__(self): 1/0\nh = H()")
        self.clear()
        self.assertEqual(self.complete("h."), ["own"])
        self.assertEqual(self.complete("d."), [])
        self.assertEqual(self.complete("e."), ["good"])
        self.assertEqual(self.complete("f."), [])
        self.assertEqual(self.complete("g."), [])
        self.assertEqual(self.printed(), "")

    def test_imports(self) -> None:
        self.assertIn("json", self.complete("import js"))
        self.assertIn("json", self.complete("import os, js"))
        self.assertIn("json", self.complete("from js"))
        self.assertEqual(self.complete("import xml.do"), ["dom"])
        self.assertIn("path", self.complete("import os.pa") + self.complete("from os import pa"))
        self.assertIn("dumps", self.complete("from json import dum"))
        self.assertIn("dumps", self.complete("from json import loads, dum"))
        self.assertIn("dumps", self.complete("from json import (loads,\n    dum"))
        self.assertEqual(self.complete("from nonexistent_module import x"), [])
        self.assertEqual(self.complete("import nonexistent.x"), [])

    def test_imports_import_nothing(self) -> None:
        import sys

        sys.modules.pop("colorsys", None)
        self.assertIn("rgb_to_hls", self.complete("from colorsys import rgb"))
        self.assertNotIn("colorsys", sys.modules)

    def test_imports_that_have_not_run(self) -> None:
        import sys

        sys.modules.pop("colorsys", None)
        self.assertEqual(self.complete("import math\nmath.isq"), ["isqrt"])
        self.assertEqual(self.complete("import json as j, math as m\nj.dumps(m.isq"), ["isqrt"])
        self.assertEqual(self.complete("from os import path as p\nif p.basen"), ["basename"])
        self.assertEqual(self.complete("from pathlib import (\n    Path,\n    PurePath as Pure,\n)\nPure.as_u"), ["as_uri"])
        self.assertEqual(self.complete("import colorsys\ncolorsys.hsv"), ["hsv_to_rgb"])
        self.assertEqual(self.complete("import colorsys\ncolorsys.hsv_to_rgb.x"), [])
        self.assertEqual(self.complete("import colorsys as unlikely_name\nunlik"), ["unlikely_name"])
        self.assertEqual(self.complete("import nonexistent\nnonexistent.x"), [])
        self.assertNotIn("colorsys", sys.modules)
        self.ok("class math: isquare = 1")
        self.assertEqual(self.complete("import math\nmath.isq"), ["isquare"])

    def test_keys(self) -> None:
        self.ok("d = {'one': 1, 'on two': 2, 3: 3, \"o'q\": 4}\nclass K:\n    def _ipython_key_completions_(self): return ['ka', 'kb']\nk = K()")
        self.assertEqual(self.whole("d['on|']", "on two"), "d['on two']")
        self.assertEqual(self.complete('d["one'), ["one"])
        self.assertIn("o\\'q", self.complete("d['o"))
        self.assertEqual(self.complete("d["), ["'one'", "'on two'", "3", '"o\'q"'])
        self.assertEqual(self.complete("k['k"), ["ka", "kb"])
        self.assertEqual(self.complete("d['zzz"), [])

    def test_files_in_strings(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            os.mkdir(os.path.join(directory, "folder"))
            for name in ["file one.txt", "file.csv", ".hidden"]:
                open(os.path.join(directory, name), "w").close()
            self.assertEqual(self.complete(f"open('{directory}/fi"), ["file one.txt", "file.csv"])
            self.assertEqual(self.whole(f"open('{directory}/fo|')", "folder/"), f"open('{directory}/folder/')")
            self.assertEqual(self.complete(f"open('{directory}/.h"), [".hidden"])
            self.assertEqual(self.complete(f"%run {directory}/file.c"), ["file.csv"])
            self.assertEqual(self.complete(f"%cd {directory}/fol"), ["folder/"])
        self.assertEqual(self.complete("'/nonexistent/x"), [])

    def test_magics(self) -> None:
        self.assertEqual(self.complete("%timei"), ["%timeit", "%%timeit"])
        self.assertEqual(self.complete("%%captu"), ["%%capture"])
        self.assertEqual(self.complete("x = %pw"), ["%pwd"])
        self.assertEqual(self.complete("a\n%%captu"), [])
        self.ok("get_ipython().register_magic_function(print, 'line', 'mymagic')")
        self.assertEqual(self.complete("%mym"), ["%mymagic"])

    def test_arguments(self) -> None:
        self.ok("def func(first, second=2, *, third=3): pass\nclass C:\n    def __init__(self, width): pass")
        self.assertEqual(self.complete("func(fi"), ["first=", "finally", "filter"])
        self.assertEqual(self.complete("func(1, second=5, thi"), ["third="])
        self.assertNotIn("second=", self.complete("func(second=1, "))
        self.assertEqual(self.complete("C(wid"), ["width="])
        self.assertEqual([m for m in self.complete("func(\n    ") if m.endswith("=")], ["first=", "second=", "third="])
        self.assertEqual([m for m in self.complete("func((") if m.endswith("=")], [])

    def test_nowhere(self) -> None:
        for code in ["# comment pri", "def pri", "'text' 'x", "class A"]:
            self.assertEqual(self.complete(code), [])

    def test_types(self) -> None:
        self.ok("import json\nclass Klass: pass\ndef kfun(): pass\nkval = 1")
        self.complete("k")
        kinds = {entry["text"]: entry["type"] for entry in self.reply["metadata"]["_jupyter_types_experimental"]}
        self.assertEqual((kinds["kfun"], kinds["kval"]), ("function", "instance"))
        self.complete("Kl")
        self.assertEqual(self.reply["metadata"]["_jupyter_types_experimental"][0]["type"], "class")

    def test_expressions_in_f_strings(self) -> None:
        self.ok("class A:\n    kind = 'a'\na = A()\nd = {'key': a}")
        self.assertEqual(self.whole("f'{a.ki|'", "kind"), "f'{a.kind'")
        self.assertEqual(self.complete("f'text {{a.ki"), [])
        self.assertEqual(self.complete("f'{a!r:>{a.ki"), ["kind"])
        self.assertEqual(self.complete('f"{d[\'key\'].ki'), ["kind"])
        self.assertEqual(self.complete("'{a.ki"), [])

    def test_results_of_calls_and_operators(self) -> None:
        self.ok("ran = []\nclass A:\n    kind = 'a'\n    def me(self) -> 'A': ran.append(1)\n    @property\n    def other(self) -> 'A | None': ran.append(2)")
        self.ok("from typing import Optional\ndef make() -> Optional[A]: ran.append(3)\ndef many() -> list[A]: ran.append(4)\na = A()")
        for code in ["make().ki", "many()[0].ki", "a.me().ki", "a.other.ki", "A().ki", "a.me().other.me().ki"]:
            self.assertEqual(self.complete(code), ["kind"], code)
        self.assertIn("upper", self.complete("'a'.strip().split()[0].up") + self.complete("'a'.strip().up"))
        self.assertIn("bit_length", self.complete("(1 + 2).bit_l"))
        self.assertEqual(self.complete("(10 ** 10 ** 10).bit_l"), ["bit_length"])
        self.assertEqual(self.complete("('a' * 10 ** 12).upp"), ["upper"])
        self.assertEqual(self.names["ran"], [])

    def test_names_that_the_cell_assigns(self) -> None:
        self.assertEqual(self.complete("p = (1, 'two')\nq = p[1]\nq.upp"), ["upper"])
        self.assertEqual(self.complete("import math\nr = math\nr.isq"), ["isqrt"])
        self.assertEqual(self.complete("made = []; mad"), ["made"])

    def test_arguments_of_magics(self) -> None:
        self.assertEqual(self.complete("%config InlineBackend.figure_formats"), ["InlineBackend.figure_formats"])
        self.assertIn("IPCompleter.greedy", self.complete("%config IPCompleter."))
        self.assertEqual(self.complete("%config IPComp"), ["IPCompleter"])
        self.assertEqual(self.complete("%colors No"), ["NoColor"])
        self.assertEqual(self.complete("%xmode Min"), ["Minimal"])
        self.assertIn("json", self.complete("%aimport js"))

    def test_settings_of_the_completer(self) -> None:
        self.ok("class A:\n    __all__ = ['seen']\n    seen = _hidden = 1\na = A()\ndef f(): return a\nc = get_ipython().Completer")
        self.assertEqual(self.complete("f().s"), [])
        self.ok("c.greedy = True")
        self.assertEqual(self.complete("f().s"), ["seen"])
        self.ok("c.greedy = False; c.omit__names = 1")
        self.assertIn("_hidden", self.complete("a."))
        self.ok("c.omit__names = 2; c.limit_to__all__ = True")
        self.assertEqual(self.complete("a."), ["seen"])
        self.ok("c.evaluation = 'forbidden'")
        self.assertEqual(self.complete("a."), [])

    def test_matchers_of_the_user(self) -> None:
        without_real_packages(self)
        self.ok(
            "from IPython.core.completer import context_matcher, SimpleCompletion\n"
            "@context_matcher()\ndef colours(context):\n"
            "    return {'completions': [SimpleCompletion('crimson')], 'suppress': context.token == 'cri'}\n"
            "get_ipython().Completer.custom_matchers.append(colours)"
        )
        self.assertEqual(self.complete("x = cri"), ["crimson"])
        self.assertEqual(self.complete("callab"), ["crimson", "callable"])
        self.ok("get_ipython().Completer.disable_matchers = ['colours']")
        self.assertEqual(self.complete("callab"), ["callable"])

    def test_exceptions_first_after_except(self) -> None:
        self.ok("Valley = 1")
        self.assertEqual(self.complete("except Val")[0], "ValueError")


class TrailingExpression(KernelCase):
    def test_chains(self) -> None:
        for text, expression in [
            ("a.b", "a.b"), ("x + a.b", "a.b"), ("f(a.b", "a.b"), ("a[0].b", "a[0].b"), ("g(1, [2]).x", "g(1, [2]).x"),
            ("'it''s'", "'s'"), ("d['a)b'].c", "d['a)b'].c"), ("[1, 2]", "[1, 2]"), ("", ""), ("a b", "b"), ("a +", ""), (")", ""),
            ("x = {'a': 1}", "{'a': 1}"), ("a.b(c)(d)[e].f", "a.b(c)(d)[e].f"),
        ]:  # fmt: skip
            with self.subTest(text=text):
                self.assertEqual(trailing_expression(text), expression)
