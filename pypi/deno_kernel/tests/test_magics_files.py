from __future__ import annotations

import json
import os
import sys
import zipfile
import tempfile

from .support import KernelCase, plain


class Case(KernelCase):
    """A `Case` runs in a directory of its own."""

    def setUp(self) -> None:
        super().setUp()
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(directory.name)
        self.directory = os.path.realpath(directory.name)

    def write(self, name: str, text: str) -> None:
        with open(name, "w", encoding="utf-8") as file:
            file.write(text)


class Files(Case):
    def test_writefile(self) -> None:
        self.ok("%%writefile a.txt\nline ü\n")
        self.ok("%%writefile -a a.txt\nmore")
        self.ok("%%writefile 'b c.txt'\n\n")
        with open("a.txt", encoding="utf-8") as file:
            self.assertEqual(file.read(), "line ü\nmore\n")
        self.ok("%%writefile a.txt\nnew")
        self.assertEqual(self.printed().splitlines(), ["Writing a.txt", "Appending to a.txt", "Writing b c.txt", "Overwriting a.txt"])
        self.assertTrue(os.path.exists("b c.txt"))
        self.fails("%%writefile\nx", "UsageError")
        self.fails("%%writefile no/such/dir/x\nx", "UsageError")

    def test_writefile_keeps_lines_apart(self) -> None:
        self.ok("%%writefile a.txt\none")
        self.ok("%%writefile -a a.txt\ntwo\n\n")
        self.ok("%%writefile -a a.txt\nthree")
        with open("a.txt", encoding="utf-8") as file:
            self.assertEqual(file.read(), "one\ntwo\n\nthree\n")

    def test_directories(self) -> None:
        os.mkdir("sub dir")
        self.assertEqual(self.ok("%pwd"), repr(self.directory))
        self.ok("%cd 'sub dir'")
        self.assertEqual(os.getcwd(), os.path.join(self.directory, "sub dir"))
        self.ok("%cd -q -")
        self.assertEqual(os.getcwd(), self.directory)
        self.ok("d = 'sub dir'")
        self.ok("%cd {d}")
        self.assertEqual(self.printed().splitlines(), [os.path.join(self.directory, "sub dir")] * 2)
        self.fails("%cd nowhere", "UsageError")

    def test_ls(self) -> None:
        os.mkdir("dir")
        for name in ["b.py", "a.txt", ".hid", "dir/in"]:
            self.write(name, "x")
        self.ok("%ls")
        self.ok("%ls -a")
        self.ok("%ls *.py")
        self.ok("%ls dir")
        self.assertEqual(self.printed(), "a.txt  b.py  dir/\n.hid  a.txt  b.py  dir/\nb.py\nin\n")
        self.clear()
        self.ok("%ls -l a.txt")
        self.assertRegex(self.printed(), r"^-rw\S+ +1 \d{4}-\d\d-\d\d \d\d:\d\d a\.txt\n$")
        self.fails("%ls nothing", "UsageError")

    def test_env(self) -> None:
        self.ok("%env DK_X=a b=c")
        self.assertEqual(self.ok("%env DK_X"), "'a b=c'")
        self.assertEqual(self.ok("d = %env\nd['DK_X']"), "'a b=c'")
        self.ok("v = 7")
        self.ok("%set_env DK_X={v}")
        self.assertEqual(os.environ["DK_X"], "7")
        self.fails("%env DK_NOPE", "UsageError")
        self.fails("%set_env", "UsageError")

    def test_run(self) -> None:
        self.write("s.py", "import sys\nr = (__name__, __file__, sys.argv[1:])\ndef f(): return r\n")
        self.ok("%run s.py one 'two three'")
        self.assertEqual(self.ok("r"), f"('__main__', {os.path.abspath('s.py')!r}, ['one', 'two three'])")
        self.assertEqual(self.ok("f()[0], __name__, '__file__' in globals()"), "('__main__', '__main__', False)")
        self.ok("%run -n s")
        self.assertEqual(self.ok("r[0]"), "'s'")
        self.assertNotIn(self.directory, sys.path[:1])

    def test_run_in_the_users_namespace(self) -> None:
        self.write("s.py", "y = x + 1\n")
        self.ok("x = 1")
        self.fails("%run s.py", "NameError")
        self.ok("%run -i s.py")
        self.assertEqual(self.ok("y, '__file__' in globals()"), "(2, False)")

    def test_run_profiles_debugs_and_repeats(self) -> None:
        self.write("s.py", "n = 0\ndef f():\n    return 1\nf()\n")
        (payload,) = self.run_cell("%run -p -s cumulative s.py")["payload"]
        self.assertIn("s.py", payload["data"]["text/plain"])
        self.ok("%run -t -N3 s.py")
        self.assertIn("Total runs performed: 3", self.printed())
        self.fails("%run -t -Nx s.py", "UsageError")
        self.fails("%run -d -b x s.py", "UsageError")

    def test_run_expands_patterns_in_arguments(self) -> None:
        self.write("a.csv", "")
        self.write("s.py", "import sys; words = sys.argv[1:]")
        self.ok("%run s.py *.csv '*.none'")
        self.assertEqual(self.ok("words"), "['a.csv', '*.none']")
        self.ok("%run -G s.py *.csv")
        self.assertEqual(self.ok("words"), "['*.csv']")

    def test_run_a_module_with_its_package_and_its_own_options(self) -> None:
        os.mkdir("pkg_run")
        self.write("pkg_run/__init__.py", "")
        self.write("pkg_run/near.py", "value = 6\n")
        self.write("pkg_run/main.py", "import sys\nfrom .near import value\nwords = sys.argv[1:]\n")
        self.ok("import sys; sys.path.insert(0, '.')")
        self.ok("%run -m pkg_run.main -x --long 'a b'")
        self.assertEqual(self.ok("value, words"), "(6, ['-x', '--long', 'a b'])")
        self.ok("_ = sys.path.pop(0)")

    def test_run_a_module_in_an_archive(self) -> None:
        with zipfile.ZipFile("kept.zip", "w") as archive:
            archive.writestr("in_archive.py", "import sys\nfound = __name__, sys.argv[1:]\n")
        self.ok("import sys; sys.path.insert(0, 'kept.zip')")
        self.ok("%run -m in_archive -x 1")
        self.assertEqual(self.ok("found"), "('__main__', ['-x', '1'])")
        self.ok("_ = sys.path.pop(0)")
        self.fails("%run -m _io", "UsageError")

    def test_run_awaits_and_errors_show_the_file(self) -> None:
        self.write("s.py", "import asyncio\na = await asyncio.sleep(1, 5)\n")
        self.ok("%run s.py")
        self.assertEqual(self.ok("a"), "5")
        self.write("bad.py", "x = 1\nx / 0\n")
        text = plain(self.fails("%run bad.py", "ZeroDivisionError")["traceback"])
        self.assertIn("bad.py:2", text)
        self.assertIn("----> 2 x / 0", text)
        self.write("leave.py", "import sys; sys.exit(0)")
        self.ok("%run leave.py")
        self.write("leave.py", "import sys; sys.exit(3)")
        self.fails("%run leave.py", "SystemExit")
        self.fails("%run nowhere.py", "UsageError")
        self.fails("%run", "UsageError")

    def test_run_is_interrupted(self) -> None:
        self.write("s.py", "import asyncio\nawait asyncio.sleep(100)\n")
        self.loop.call_later(1, lambda: self.call("interrupt", executionId="x"))
        self.fails("%run s.py", "KeyboardInterrupt", id="x")

    def test_run_a_notebook(self) -> None:
        cells = [{"cell_type": "code", "source": ["a = 1\n", "b = 2"]}, {"cell_type": "markdown", "source": "no"}, {"cell_type": "code", "source": "c = a + b"}]
        self.write("n.ipynb", json.dumps({"cells": cells}))
        self.ok("%run n.ipynb")
        self.assertEqual(self.ok("c"), "3")

    def test_names_with_spaces_and_quotes(self) -> None:
        self.ok("%%writefile 'a b.txt'\none\n")
        self.ok("%%writefile -a \"a b.txt\"\ntwo\n")
        with open("a b.txt", encoding="utf-8") as file:
            self.assertEqual(file.read(), "one\ntwo\n")

    def test_save_without_numbers_and_history_into_a_file(self) -> None:
        self.ok("a = 1")
        self.ok("b = 2")
        self.ok("%save all")
        self.ok("%history -p -f shown.txt 1-2")
        with open("all.py", encoding="utf-8") as file:
            self.assertEqual(file.read(), "# coding: utf-8\na = 1\nb = 2\n")
        with open("shown.txt", encoding="utf-8") as file:
            self.assertEqual(file.read(), ">>> a = 1\n>>> b = 2\n")
        self.fails("%history -f shown.txt", "UsageError")

    def test_load(self) -> None:
        self.write("s.py", "one\ntwo\nthree\n")
        (payload,) = self.run_cell("%load s.py")["payload"]
        self.assertEqual(payload, {"source": "set_next_input", "text": "# %load s.py\none\ntwo\nthree\n", "replace": True})
        (payload,) = self.run_cell("%load -r 2-3 s.py")["payload"]
        self.assertTrue(payload["text"].endswith("\ntwo\nthree\n"))
        (payload,) = self.run_cell("%load 1-2")["payload"]
        self.assertTrue(payload["text"].endswith("%load s.py\n%load -r 2-3 s.py"))
        self.fails("%load nowhere", "UsageError")
        self.write("s.py", "# -*- coding: utf-8 -*-\nimport os\n@deco\ndef f():\n    pass\nclass A: pass\nx = 1\n")
        for options, text in [
            ("-r 1", "import os\n"), ("-r 6-", "x = 1\n"), ("-r 1:2,6", "import os\nx = 1\n"),
            ("-s A,f", "class A: pass\n\n@deco\ndef f():\n    pass\n"), ("-s nothing", ""),
        ]:  # fmt: skip
            (payload,) = self.run_cell(f"%load {options} s.py")["payload"]
            self.assertEqual(payload["text"], f"# %load {options} s.py\n{text}")
        self.assertIn("The symbol `nothing` was not found", self.printed("stderr"))
        self.fails("%load -r a s.py", "UsageError")


class Recalling(Case):
    def test_save(self) -> None:
        self.ok("a = 1")
        self.ok("b = 2\nc = 3")
        self.ok("%save mine 1-2")
        with open("mine.py", encoding="utf-8") as file:
            self.assertEqual(file.read(), "# coding: utf-8\na = 1\nb = 2\nc = 3\n")
        self.assertIn("use %save -f", self.fails("%save mine 1", "UsageError")["evalue"])
        self.ok("%save -a mine 1")
        self.ok("%save -f other.py 1")
        with open("mine.py", encoding="utf-8") as file:
            self.assertTrue(file.read().endswith("c = 3\na = 1\n"))
        self.fails("%save x 77", "UsageError")

    def test_macro(self) -> None:
        self.ok("x = 1")
        self.ok("x += 1\nx")
        self.ok("%macro more 2")
        self.assertIn("=== Macro contents: ===\nx += 1\nx\n", self.printed())
        self.run_cell("more")
        self.run_cell("more")
        self.assertEqual(self.names["x"], 4)
        self.assertEqual(self.ok("str(more + 'x\\n')"), r"'x += 1\nx\nx\n'")
        self.assertEqual(self.ok("%macro"), "['more']")
        self.fails("%macro more", "UsageError")

    def test_rerun_and_recall(self) -> None:
        self.ok("n = 0")
        self.ok("n += 1")
        self.ok("%rerun")
        self.ok("%rerun 2")
        self.ok("%rerun -g 'n +'")
        self.assertEqual(self.names["n"], 4)
        self.assertIn("=== Executing: ===\nn += 1\n=== Output: ===\n", self.printed())
        self.fails("%rerun 99", "UsageError")
        self.ok("1 / 1")
        self.assertEqual(self.run_cell("%recall")["payload"][0]["text"], "1.0")
        self.assertEqual(self.run_cell("%rep 1-2")["payload"][0]["text"], "n = 0\nn += 1")

    def test_store(self) -> None:
        os.environ["HOME"] = self.directory
        self.ok("a, b = [1], {'x': 2}")
        self.ok("%store a b")
        self.assertIn("Stored 'a' (list)", self.printed())
        self.ok("del a, b")
        self.ok("%store -r a")
        self.assertEqual(self.ok("a, 'b' in globals()"), "([1], False)")
        self.ok("%store -r")
        self.assertEqual(self.ok("b"), "{'x': 2}")
        self.clear()
        self.ok("%store")
        self.assertIn("b                    -> {'x': 2}", self.printed())
        self.ok("%store -d a")
        self.fails("%store -r a", "UsageError")
        self.ok("%store -z")
        self.fails("%store -r b", "UsageError")
        self.fails("%store no_such_name", "UsageError")
        self.fails("import sys\n%store sys", "UsageError")
        self.ok("%store a > out.txt\n%store a >> out.txt")
        with open("out.txt", encoding="utf-8") as file:
            self.assertEqual(file.read(), "[1]\n[1]\n")


class Programs(Case):
    def test_run_a_module(self) -> None:
        os.mkdir("package")
        self.write("package/__init__.py", "")
        self.write("package/__main__.py", "import sys\nprint(__name__, sys.argv[1:])\nvalue = 5\n")
        self.write("single.py", "other = __name__")
        self.ok("%run -m package one two")
        self.ok("%run -m single")
        self.assertEqual((self.printed(), self.ok("value, other")), ("__main__ ['one', 'two']\n", "(5, '__main__')"))
        self.fails("%run -m no.such.module", "UsageError")

    def test_exit_codes(self) -> None:
        self.write("leave.py", "import sys\nsys.exit(int(sys.argv[1]))")
        self.ok("%run leave.py 0")
        self.fails("%run leave.py 3", "SystemExit")
        self.ok("%run -e leave.py 3")

    def test_python_cells_have_names_of_their_own(self) -> None:
        self.ok("x = 1")
        self.ok("%%python\nx = 2\nprint(__name__, x)")
        self.fails("%%python3\n1/0", "ZeroDivisionError")
        self.assertEqual((self.printed(), self.names["x"]), ("__main__ 2\n", 1))

    def test_stack_of_directories(self) -> None:
        os.mkdir("inner")
        self.ok("%pushd inner")
        self.assertEqual(os.path.basename(os.getcwd()), "inner")
        self.assertEqual(self.ok("%dirs"), repr([self.directory]))
        self.ok("%popd")
        self.assertEqual(os.getcwd(), self.directory)
        self.fails("%popd", "UsageError")
        self.ok("%dhist")
        self.assertIn("Directory history (kept in _dh)\n0: ", self.printed())


class Commands(Case):
    def test_files_are_copied_moved_and_removed(self) -> None:
        self.write("a.txt", "one\n")
        self.write("b.txt", "two")
        self.ok("%cat a.txt b.txt")
        self.assertEqual(self.printed(), "one\ntwo\n")
        self.ok("mkdir -p x/y")
        self.ok("cp *.txt x/y")
        self.ok("%cp -r x z\n%mv a.txt c.txt\n%mv c.txt b.txt z")
        self.assertEqual((sorted(os.listdir("z")), sorted(os.listdir("."))), (["b.txt", "c.txt", "y"], ["x", "z"]))
        self.ok("rm -r x")
        self.ok("%rm z/*.txt\n%rm -f no-such-*\n%mkdir 'a b'\n%rmdir 'a b'")
        self.assertEqual((os.listdir("."), os.listdir("z")), (["z"], ["y"]))

    def test_errors_name_the_command_and_the_path(self) -> None:
        os.mkdir("d")
        for code, part in [
            ("%cat no.txt", "%cat: 'no.txt': No such file"), ("%rm d", "Is a directory"), ("%rm no*", "No such file"),
            ("%cp d e", "omitting directory 'd'"), ("%cp d", "two paths are needed"), ("%mkdir d", "File exists"),
            ("%mkdir a/b", "No such file"), ("%rmdir no", "No such file"), ("%mv no d/x", "No such file"), ("%rm", "a path is needed"),
        ]:  # fmt: skip
            with self.subTest(code=code):
                self.assertIn(part, self.fails(code, "UsageError")["evalue"])

    def test_listings(self) -> None:
        self.write("file.txt", "12345")
        os.mkdir("folder")
        for code, names in [("ll", ["file.txt", "folder"]), ("lf", ["file.txt"]), ("ldir", ["folder"]), ("lk", []), ("lx", [])]:
            self.clear()
            self.ok(code)
            self.assertEqual([line.split()[-1].rstrip("/") for line in self.printed().splitlines()], names)
