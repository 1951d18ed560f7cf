"""Tests of extensions: `autoreload`, those that are not needed, and those that are unknown."""

from __future__ import annotations

import os

from .test_magics_files import Case


class Autoreload(Case):
    def setUp(self) -> None:
        super().setUp()
        self._time = 1_000_000_000
        self.ok("import sys\nsys.dont_write_bytecode = True\nsys.path.insert(0, '')")

    def change(self, name: str, text: str) -> None:
        """Writes a module with a later time than before."""
        self.write(name, text)
        self._time += 10
        os.utime(name, (self._time, self._time))

    def test_changed_modules_are_loaded_again(self) -> None:
        self.change("dk_reloaded.py", "def f(): return 1\nclass A:\n    def g(self): return 'old'\n    p = property(lambda self: 1)\n    gone = 1\n")
        self.ok("%load_ext autoreload\n%autoreload 2")
        self.ok("import dk_reloaded\nfrom dk_reloaded import A, f\na = A()")
        self.assertEqual(self.ok("f(), a.g(), a.p"), "(1, 'old', 1)")
        self.change("dk_reloaded.py", "def f(x=2): return x\nclass A:\n    def g(self): return 'new'\n    p = property(lambda self: 2)\n    more = 5\n")
        self.assertEqual(self.ok("f(), a.g(), a.p, dk_reloaded.f(), A.more, hasattr(A, 'gone')"), "(2, 'new', 2, 2, 5, False)")
        self.assertEqual(self.ok("isinstance(a, dk_reloaded.A), isinstance(dk_reloaded.A(), dk_reloaded.A)"), "(True, True)")

    def test_what_was_imported_first_follows_every_change(self) -> None:
        text = "def f(): return 1\nclass A:\n    def g(self): return 1\n"
        self.change("dk_often.py", text)
        self.ok("%load_ext autoreload\n%autoreload 2\nfrom dk_often import A, f\na, h = A(), f")
        for number in ("2", "3", "4"):
            self.change("dk_often.py", text.replace("1", number))
            self.assertEqual(self.ok("{f(), h(), a.g(), A().g()}"), f"{{{number}}}")
        self.change("dk_often.py", "def f(: pass")
        self.assertEqual(self.ok("f()"), "4")
        self.change("dk_often.py", text.replace("1", "5"))
        self.assertEqual(self.ok("{f(), h(), a.g(), A().g()}"), "{5}")

    def test_a_module_that_fails_stays_and_is_said_once(self) -> None:
        self.change("dk_fails.py", "x = 1")
        self.ok("%load_ext autoreload\n%autoreload 2")
        self.ok("import dk_fails")
        self.change("dk_fails.py", "x = 2\n1/0")
        self.assertEqual(self.ok("dk_fails.x"), "1")
        self.ok("1")
        self.assertEqual(self.printed("stderr").count("[autoreload of dk_fails failed: ZeroDivisionError"), 1)
        self.change("dk_fails.py", "x = 3")
        self.assertEqual(self.ok("dk_fails.x"), "3")

    def test_modes(self) -> None:
        self.change("dk_marked.py", "x = 1")
        self.change("dk_other.py", "x = 1")
        self.ok("%load_ext autoreload\n%autoreload 1\n%aimport dk_marked\nimport dk_other")
        self.change("dk_marked.py", "x = 2")
        self.change("dk_other.py", "x = 2")
        self.assertEqual(self.ok("dk_marked.x, dk_other.x"), "(2, 1)")
        self.ok("%autoreload 0")
        self.change("dk_marked.py", "x = 3")
        self.assertEqual(self.ok("dk_marked.x, dk_other.x"), "(2, 1)")
        self.ok("%autoreload")
        self.assertEqual(self.ok("dk_marked.x, dk_other.x"), "(3, 2)")
        self.fails("%autoreload 7", "UsageError")


class Extensions(Case):
    def test_one_that_is_not_needed_is_said_once(self) -> None:
        self.ok("%load_ext nb_black\n%load_ext nb_black")
        self.assertEqual(self.printed("stderr"), "The nb_black extension is not installed; the notebook runs without it.\n")

    def test_unknown_ones_are_errors(self) -> None:
        self.assertIn("the extension 'no_such.ext' is not installed", self.fails("%load_ext no_such.ext", "ModuleNotFoundError")["evalue"])
        self.write("dk_needs.py", "import no_such_library")
        self.ok("import sys; sys.path.insert(0, '')")
        self.assertEqual(self.fails("%load_ext dk_needs", "ModuleNotFoundError")["evalue"], "No module named 'no_such_library'")

    def test_loading_and_unloading(self) -> None:
        self.write("dk_extension.py", "log = []\ndef load_ipython_extension(ip): log.append('load')\ndef unload_ipython_extension(ip): log.append('unload')")
        self.ok("import sys; sys.path.insert(0, '')\n%load_ext dk_extension\n%unload_ext dk_extension\n%load_ext dk_extension")
        self.assertEqual(self.ok("__import__('dk_extension').log"), "['load', 'unload', 'load']")
        self.ok("%unload_ext autoreload")
        self.assertIn("The autoreload extension is not loaded.", self.printed())
