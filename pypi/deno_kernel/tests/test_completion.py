from __future__ import annotations

import os
import tempfile

from .support import KernelCase, plain


class Completion(KernelCase):
    def matches(self, code: str, cursor: int | None = None) -> list[str]:
        cursor = len(code) if cursor is None else cursor
        reply = self.call("complete", code=code, cursorPos=cursor)
        self.assertLessEqual(reply["cursorStart"], reply["cursorEnd"])
        return reply["matches"]

    def test_names_keywords_and_builtins(self) -> None:
        self.ok("apple = 1")
        self.assertIn("apple", self.matches("app"))
        self.assertTrue(any(match.startswith("print") for match in self.matches("pri")))
        self.assertTrue(any(match.startswith("lambda") for match in self.matches("lamb")))

    def test_more_names_than_an_answer_carries(self) -> None:
        self.ok("for n in range(20_000): globals()[f'variable{n}'] = n")
        self.assertEqual(len(self.matches("variable")), 10_000)
        self.assertEqual(self.matches("variable1999"), ["variable1999", *(f"variable1999{n}" for n in range(10))])

    def test_attributes_without_running_anything(self) -> None:
        self.ok("calls = []\nclass Watched:\n    visible = 1\n    @property\n    def trap(self): calls.append(1)\n    def method(self): calls.append(2); return self\nw = Watched()")
        reply = self.call("complete", code="w.", cursorPos=2)
        self.assertEqual((reply["cursorStart"], reply["cursorEnd"]), (2, 2))
        names = [match.rpartition(".")[2] for match in reply["matches"]]
        self.assertTrue({"visible", "trap", "method"} <= {name.rstrip("(") for name in names})
        self.assertNotIn("__class__", names)
        self.matches("w.method().vis")
        self.matches("w.trap.x")
        self.assertEqual(self.ok("calls"), "[]")

    def test_keys_of_bytes_and_of_tuples(self) -> None:
        self.ok("d = {'text': 1, b'bytes': 2, ('one', 'two'): 3, ('one', 'three'): 4, ('other', 'four'): 5}")
        self.assertEqual(self.matches("d[b'"), ["bytes"])
        self.assertEqual(self.matches("d['"), ["text"])
        self.assertEqual(self.matches("d['one', 't"), ["two", "three"])
        self.assertEqual(self.matches("d['other', '"), ["four"])
        self.assertEqual(self.matches("d['none', '"), [])

    def test_files_in_commands_of_the_shell(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            open(os.path.join(directory, "notes.txt"), "w").close()
            for command in ("!cat ", "!!cat ", "x = !cat ", "%sx cat ", "!cat <"):
                self.assertEqual(self.matches(f"{command}{directory}/no"), ["notes.txt"], command)
        self.ok("variable1 = 1")
        self.assertEqual(self.matches("1 != varia"), ["variable1"])

    def test_cursor_counts_code_points(self) -> None:
        self.ok("apple = 1")
        reply = self.call("complete", code="x = '😀'; app", cursorPos=12)
        self.assertEqual((reply["cursorStart"], reply["cursorEnd"]), (9, 12))

    def test_cursor_in_the_middle(self) -> None:
        self.ok("apple = 1")
        self.assertIn("apple", self.matches("app + 1", 3))

    def test_imports(self) -> None:
        self.assertIn("json", self.matches("import js"))
        self.assertIn("path", self.matches("from os import pat"))

    def test_keys_of_a_dict(self) -> None:
        self.ok("d = {'first key': 1, 'second': 2}")
        self.assertTrue(any("first key" in match for match in self.matches("d['fi")))

    def test_arguments_by_name(self) -> None:
        self.ok("def call(alpha, beta=2): pass")
        self.assertIn("beta=", self.matches("call(1, be"))

    def test_magics(self) -> None:
        self.assertIn("%timeit", self.matches("%timei"))

    def test_paths_in_strings(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            open(os.path.join(directory, "data.csv"), "w").close()
            self.assertTrue(any("data.csv" in match for match in self.matches(f"open('{directory}/da")))

    def test_nonsense_has_no_matches(self) -> None:
        self.assertEqual(self.matches("no_such_name."), [])
        self.assertEqual(self.matches("(((1 +"), self.matches("(((1 +"))


class Inspection(KernelCase):
    def inspect(self, code: str, cursor: int | None = None, detail: int = 0) -> str | None:
        reply = self.call("inspect", code=code, cursorPos=len(code) if cursor is None else cursor, detailLevel=detail)
        return plain(reply["data"]["text/plain"]) if reply["found"] else None

    def test_signature_and_docstring(self) -> None:
        self.ok("def documented(a, b=2):\n    'What it does.'\n    return a")
        text = self.inspect("documented")
        self.assertIn("documented(a, b=2)", text)
        self.assertIn("What it does.", text)
        self.assertNotIn("return a", text)
        self.assertIn("return a", self.inspect("documented", detail=1))

    def test_callable_around_the_cursor(self) -> None:
        self.assertIn("len", self.inspect("len([1, 2], ", 4))

    def test_unknown(self) -> None:
        self.assertIsNone(self.inspect("no_such_name"))
        self.assertIsNone(self.inspect(""))


class Completeness(KernelCase):
    def test_statuses(self) -> None:
        cases = {
            "1 + 1": "complete",
            "for i in range(3):": "incomplete",
            "for i in range(3):\n    print(i)\n": "complete",
            "x = (1,": "incomplete",
            "'''open": "incomplete",
            "x = 'open": "invalid",
            "await x": "complete",
            "1 +* 1": "invalid",
            "%time 1": "complete",
            "%%time": "incomplete",
            "!ls": "complete",
            "x?": "complete",
            "": "complete",
        }
        for code, status in cases.items():
            with self.subTest(code=code):
                self.assertEqual(self.call("isComplete", code=code)["status"], status)

    def test_indentation_of_the_next_line(self) -> None:
        self.assertEqual(self.call("isComplete", code="for i in x:")["indent"], "    ")
        self.assertEqual(self.call("isComplete", code="if a:\n    for i in x:")["indent"], "        ")
