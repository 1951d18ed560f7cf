"""Tests of `ast_node_interactivity`: the statements of a cell whose values are shown."""

from __future__ import annotations

from deno_kernel.ipython.shell import InteractiveShell

from .support import KernelCase

CELLS = ("1\n2", "1\n2;", "1;\n2", "for i in range(2): i", "if 1:\n    7\n8", "x = 5", "x = 6;", "x += 1", "y: int = 3", "a = b = 4",
         "(c := 3)", "def f(): 5", "None", "x", "# nothing", "import sys", "a, b = 1, 2")  # fmt: skip
SHOWN = {
    "last_expr": ["2", "", "2", "", "8", "", "", "", "", "", "3", "", "", "7", "", "", ""],
    "last": ["2", "", "2", "0 1", "8", "", "", "", "", "", "3", "", "", "7", "", "", ""],
    "all": ["1 2", "", "1 2", "0 1", "7 8", "", "", "", "", "", "3", "", "", "7", "", "", ""],
    "last_expr_or_assign": ["2", "", "2", "", "8", "5", "", "7", "3", "", "3", "", "", "7", "", "", ""],
    "none": [""] * 17,
}


class Interactivity(KernelCase):
    def shown(self, code: str) -> str:
        self.clear()
        self.assertEqual(self.run_cell(code)["status"], "ok")
        return " ".join(event["data"]["text/plain"] for event in self.events("execute_result"))

    def test_every_choice_by_config(self) -> None:
        for choice, expected in SHOWN.items():
            self.ok(f"%config InteractiveShell.ast_node_interactivity = {choice!r}")
            for code, values in zip(CELLS, expected, strict=True):
                with self.subTest(choice=choice, code=code):
                    self.assertEqual(self.shown(code), values)

    def test_by_attributes_of_the_object_and_the_class(self) -> None:
        cls = InteractiveShell
        saved = vars(cls)["ast_node_interactivity"]
        self.addCleanup(setattr, cls, "ast_node_interactivity", saved)
        self.assertEqual(cls.ast_node_interactivity, "last_expr")
        self.ok("get_ipython().ast_node_interactivity = 'all'")
        self.assertEqual(self.shown("1\n2"), "1 2")
        self.ok("from deno_kernel.ipython.shell import InteractiveShell\nInteractiveShell.ast_node_interactivity = 'last_expr'")
        self.assertEqual(self.shown("1\n2"), "2")
        # The attribute of the class has replaced the trait, which stays a setting nevertheless.
        self.ok("%config InteractiveShell.ast_node_interactivity = 'all'")
        self.assertEqual(self.shown("1\n2"), "1 2")
        self.assertTrue(self.names["get_ipython"]().has_trait("ast_node_interactivity"))

    def test_a_wrong_choice_is_refused(self) -> None:
        self.assertIn("expected any of ['all', ", self.fails("%config InteractiveShell.ast_node_interactivity = 'bad'", "UsageError")["evalue"])
        self.assertIn("not the str 'bad'", self.fails("get_ipython().ast_node_interactivity = 'bad'", "ValueError")["evalue"])
        self.assertEqual(self.ok("%config InteractiveShell.ast_node_interactivity"), "'last_expr'")

    def test_a_wrong_choice_behind_the_trait_is_told_once(self) -> None:
        cls = InteractiveShell
        self.addCleanup(setattr, cls, "ast_node_interactivity", vars(cls)["ast_node_interactivity"])
        cls.ast_node_interactivity = "bad"
        self.assertIn("Interactivity was 'bad'", self.fails("1", "ValueError")["evalue"])
        self.assertEqual(self.ok("1"), "1")

    def test_cells_that_await_silent_and_nested_ones(self) -> None:
        self.ok("import asyncio\n%config InteractiveShell.ast_node_interactivity = 'all'")
        self.assertEqual(self.shown("await asyncio.sleep(0, 1)\nawait asyncio.sleep(0, 2)"), "1 2")
        self.assertEqual(self.shown("for i in range(2):\n    await asyncio.sleep(0, i)"), "0 1")
        self.assertEqual(self.shown("r = get_ipython().run_cell('1\\n2')"), "1 2")
        self.assertEqual(self.shown("r = get_ipython().run_cell('1\\n2', silent=True)"), "")
        self.clear()
        self.run_cell("1\n2", silent=True)
        self.assertEqual(self.events("execute_result"), [])

    def test_outputs_are_kept(self) -> None:
        self.ok("%config InteractiveShell.ast_node_interactivity = 'all'")
        self.ok("'first'\n'second'")
        self.assertEqual((self.names["_"], self.names["__"], self.names["Out"][2]), ("second", "first", "second"))
