from __future__ import annotations

from .support import KernelCase


class Display(KernelCase):
    def shown(self, code: str) -> list[dict]:
        self.clear()
        self.ok(code)
        return self.events("display_data", "update_display_data", "clear_output")

    def test_a_formatter_in_the_place_of_the_plain_one(self) -> None:
        self.ok(
            "from IPython.core.formatters import BaseFormatter\n"
            "class Loud(BaseFormatter):\n    def __call__(self, value): return repr(value).upper()\n"
            "get_ipython().display_formatter.formatters['text/plain'] = Loud()"
        )
        self.assertEqual(self.ok("['a']"), "['A']")

    def test_printers_of_a_base_class_leave_a_repr_of_its_own(self) -> None:
        self.ok(
            "class Own(float):\n    def __repr__(self): return 'own'\n"
            "get_ipython().display_formatter.formatters['text/plain'].for_type(float, lambda it, p, _: p.text('float'))"
        )
        self.assertEqual((self.ok("1.5"), self.ok("Own(1)")), ("float", "own"))

    def test_every_repr_method_has_its_type(self) -> None:
        methods = {
            "html": ("text/html", "'<b>'", "<b>"),
            "markdown": ("text/markdown", "'*m*'", "*m*"),
            "svg": ("image/svg+xml", "'<svg/>'", "<svg/>"),
            "png": ("image/png", "b'\\x89PNG'", "iVBORw=="),
            "jpeg": ("image/jpeg", "b'\\xff\\xd8'", "/9g="),
            "latex": ("text/latex", "'$x$'", "$x$"),
            "json": ("application/json", "{'a': [1]}", {"a": [1]}),
            "javascript": ("application/javascript", "'1'", "1"),
            "pdf": ("application/pdf", "b'%PDF'", "JVBERg=="),
        }
        for name, (mime, value, wanted) in methods.items():
            with self.subTest(name=name):
                reply = self.run_cell(f"class Shown:\n    def _repr_{name}_(self): return {value}\nShown()")
                self.assertEqual(reply["result"]["data"][mime].rstrip("\n") if isinstance(wanted, str) else reply["result"]["data"][mime], wanted)
                self.assertIn("text/plain", reply["result"]["data"])

    def test_mimebundle_with_metadata(self) -> None:
        reply = self.run_cell(
            "class Bundle:\n    def _repr_mimebundle_(self, include=None, exclude=None):\n"
            "        return {'text/plain': 'p', 'application/x-own': {'k': 1}}, {'application/x-own': {'w': 2}}\nBundle()"
        )
        self.assertEqual(reply["result"], {"data": {"text/plain": "p", "application/x-own": {"k": 1}}, "metadata": {"application/x-own": {"w": 2}}})

    def test_an_integer_with_more_digits_than_python_converts(self) -> None:
        for value in ("10 ** 5000", "[10 ** 5000]"):
            with self.subTest(value=value):
                self.clear()
                self.assertEqual(self.run_cell(f"n = {value}; n")["status"], "ok")
                self.assertIn("Exceeds the limit (4300 digits)", self.printed("stderr"))
                self.assertEqual(self.ok("_ is n"), "True")

    def test_ipython_display_takes_over(self) -> None:
        reply = self.run_cell("class Own:\n    def _ipython_display_(self): print('own way')\nOwn()")
        self.assertIsNone(reply["result"])
        self.assertEqual(self.printed(), "own way\n")

    def test_display_ids_and_updates(self) -> None:
        first, second = self.shown("handle = display('one', display_id='d1')\nhandle.update('two')")
        self.assertEqual((first["type"], first["transient"], first["data"]["text/plain"]), ("display_data", {"display_id": "d1"}, "'one'"))
        self.assertEqual((second["type"], second["transient"], second["data"]["text/plain"]), ("update_display_data", {"display_id": "d1"}, "'two'"))

    def test_display_of_several_and_raw(self) -> None:
        events = self.shown("display(1, 2)\ndisplay({'text/plain': 'raw'}, raw=True)")
        self.assertEqual([event["data"]["text/plain"] for event in events], ["1", "2", "raw"])

    def test_clear_output(self) -> None:
        events = self.shown("from deno_kernel.display.functions import clear_output\nclear_output(wait=True)")
        self.assertEqual([(event["type"], event["wait"]) for event in events], [("clear_output", True)])

    def test_nothing_unfit_for_json_crosses(self) -> None:
        (event,) = self.shown("display({'application/json': {1: float('nan'), 'o': object}, 'text/plain': 'x'}, raw=True)")
        self.assertEqual(event["data"]["application/json"], {"1": None, "o": "<class 'object'>"})

    def test_output_comes_in_order(self) -> None:
        self.clear()
        self.ok("print('a', end='')\ndisplay(1)\nprint('b', end='')")
        kinds = [event["type"] for event in self.events("stdout", "display_data")]
        self.assertEqual(kinds, ["stdout", "display_data", "stdout"])

    def test_wide_containers_are_wrapped(self) -> None:
        text = self.ok("{f'key{n}': 'v' * 10 for n in range(8)}")
        self.assertGreater(len(text.splitlines()), 4)
        self.assertEqual(self.ok("{3, 1, 2}"), "{1, 2, 3}")

    def test_formatters_for_a_type(self) -> None:
        self.ok("class Thing: pass\nget_ipython().display_formatter.formatters['text/html'].for_type(Thing, lambda it: '<i>')")
        self.assertEqual(self.run_cell("Thing()")["result"]["data"]["text/html"], "<i>")
