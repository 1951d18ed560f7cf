"""Every magic of IPython with ipykernel works, says once that it has no effect here, or says why it cannot work."""

from __future__ import annotations

import json
import os
import sys
import tempfile

from .support import KernelCase, plain
from .test_stand_ins import without_real_packages

LINE = """
alias alias_magic autoawait autocall automagic autosave bookmark cat cd clear code_wrap colors conda config connect_info
cp debug dhist dirs doctest_mode ed edit env gui hist history killbgscripts ldir less lf lk ll load load_ext loadpy logoff
logon logstart logstate logstop ls lsmagic lx macro magic mamba man matplotlib micromamba mkdir more mv notebook page
pastebin pdb pdef pdoc pfile pinfo pinfo2 pip popd pprint precision prun psearch psource pushd pwd pycat pylab qtconsole
quickref recall rehashx reload_ext rep rerun reset reset_selective rm rmdir run save sc set_env store subshell sx system
tb time timeit unalias unload_ext uv who who_ls whos xdel xmode
"""
CELL = """
! HTML SVG bash capture code_wrap file html javascript js latex markdown perl prun pypy python python2 python3 ruby script
sh svg sx system time timeit writefile
"""
REFUSED = "bash conda ed edit mamba man micromamba pastebin perl pypy python2 ruby sc script sh"


class Sweep(KernelCase):
    def setUp(self) -> None:
        super().setUp()
        without_real_packages(self)
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.home = directory.name
        os.environ["HOME"] = self.home
        before = os.getcwd()
        self.addCleanup(os.chdir, before)
        os.chdir(self.home)

    def test_every_magic_is_there(self) -> None:
        magics = self.names["get_ipython"]().magics_manager.magics
        self.assertEqual(set(LINE.split()) - set(magics["line"]), set())
        self.assertEqual(set(CELL.split()) - set(magics["cell"]), set())

    def test_those_that_cannot_work_say_why(self) -> None:
        magics = self.names["get_ipython"]().magics_manager.magics
        for name in REFUSED.split():
            code = f"%{name} x" if name in magics["line"] else f"%%{name}\nx"
            with self.subTest(name=name):
                evalue = self.fails(code, "UsageError")["evalue"]
                self.assertRegex(evalue, f"^Cannot run %%?{name}( x)?: .{{20,}}")

    def test_bookmarks(self) -> None:
        os.mkdir("deep")
        self.ok("%bookmark here\n%bookmark far deep\n%bookmark -l")
        self.assertEqual(self.printed(), f"Current bookmarks:\nfar  -> {os.path.realpath(self.home)}/deep\nhere -> {os.path.realpath(self.home)}\n")
        self.ok("%cd -q far")
        self.assertEqual(os.path.basename(os.getcwd()), "deep")
        self.ok("%cd -b here\n%bookmark -d far")
        self.fails("%cd -b far", "UsageError")
        self.fails("%bookmark -d far", "UsageError")
        self.fails("%bookmark", "UsageError")
        self.ok("%bookmark -r")
        self.fails("%cd -b here", "UsageError")

    def test_pages(self) -> None:
        with open("text.txt", "w") as file:
            file.write("some text")
        with open("dk_paged.py", "w") as file:
            file.write("class C: pass\n")
        self.addCleanup(sys.modules.pop, "dk_paged", None)
        self.ok("import sys; sys.path.insert(0, '')")
        for code in ["%less text.txt", "%more text.txt", "%page -r 'some text'"]:
            reply = self.run_cell(code)
            self.assertEqual(reply["payload"][0]["data"]["text/plain"], "some text")
        self.assertIn("%debug", self.run_cell("%quickref")["payload"][0]["data"]["text/plain"])
        self.assertIn("class C", self.run_cell("import dk_paged\n%pfile dk_paged.C")["payload"][0]["data"]["text/plain"])
        self.fails("%less nope.txt", "UsageError")
        self.fails("%pfile nope", "UsageError")
        self.ok("%clear")
        self.assertEqual(len(self.events("clear_output")), 1)

    def test_notebook(self) -> None:
        self.ok("x = 5")
        self.ok("x + 1")
        self.ok("%notebook made.ipynb")
        with open("made.ipynb") as file:
            notebook = json.load(file)
        self.assertEqual([cell["source"] for cell in notebook["cells"]], ["x = 5", "x + 1"])
        self.assertEqual(notebook["cells"][1]["outputs"][0]["data"], {"text/plain": "6"})
        self.assertEqual((notebook["nbformat"], notebook["metadata"]["language_info"]["name"]), (4, "python"))
        self.fails("%notebook", "UsageError")

    def test_code_wrap(self) -> None:
        self.ok("%%code_wrap around\nprint('before')\n__code__\nprint('after')\n__ret__")
        self.clear()
        self.assertEqual(self.ok("print('cell')\n6 * 7"), "42")
        self.assertEqual(self.printed(), "before\ncell\nafter\n")
        self.ok("%code_wrap --remove around")
        self.clear()
        self.ok("print('cell')")
        self.assertEqual(self.printed(), "cell\n")
        self.fails("%code_wrap --enable nope", "UsageError")

    def test_config_reaches_every_object(self) -> None:
        self.ok("%config PlainTextFormatter.max_seq_length = 3")
        self.assertIn("[1, 2, 3, ...", self.ok("[1, 2, 3, 4]"))
        self.ok("%config PlainTextFormatter.max_seq_length = 1000")
        self.ok("%config IPCompleter.use_jedi = True\n%config IPCompleter.greedy = True\n%config HistoryManager.enabled = False\n%config HistoryManager.enabled = True")
        self.assertEqual(self.ok("%config IPCompleter.greedy"), "True")
        said = self.printed("stderr").splitlines()
        self.assertEqual(len(said), 2)
        self.assertIn("HistoryManager has no effect here", said[1])
        self.assertIn("'nope'", self.fails("%config InteractiveShell.nope = 1", "UsageError")["evalue"])
        self.assertIn("Nope", self.fails("%config Nope.x = 1", "UsageError")["evalue"])
        self.ok("%config InteractiveShell.xmode = 'Minimal'")
        self.assertEqual(plain(self.fails("1/0", "ZeroDivisionError")["traceback"]), "ZeroDivisionError: division by zero")
        self.ok("%xmode Context")
        self.assertEqual(self.ok("%config InteractiveShell.xmode"), "'Context'")

    def test_uv_is_pip(self) -> None:
        self.assertIn("%pip install", self.fails("%uv sync", "UsageError")["evalue"])

    def test_cell_of_shell_commands(self) -> None:
        self.assertIn("no processes", self.fails("%%!\nls", "UsageError")["evalue"])


EXTENSION = '''
from IPython.core.magic import (
    Magics, cell_magic, line_cell_magic, line_magic, magics_class, needs_local_scope, no_var_expand, register_line_cell_magic)
from IPython.core.magic_arguments import argument, argument_group, magic_arguments, parse_argstring

@magics_class
class Mine(Magics):
    def __init__(self, shell, greeting="hello", **options):
        super().__init__(shell, **options)
        self.greeting = greeting

    @magic_arguments("greet")
    @argument("-n", "--number", type=int, default=1, help="times")
    @argument_group("more")
    @argument("--shout", action="store_true")
    @argument("names", nargs="*")
    @line_cell_magic
    def greet(self, line, cell=None):
        """Greets."""
        args = parse_argstring(self.greet, line)
        text = f"{self.greeting} {' '.join(args.names)}" * args.number
        return (text.upper() if args.shout else text), cell

    @needs_local_scope
    @line_magic("names_here")
    def here(self, line, local_ns=None):
        return line, local_ns is self.shell.user_ns

    @no_var_expand
    @line_magic
    def raw(self, line):
        options, rest = self.parse_options(line, "ab:", "long=", list_all=True)
        return dict(options), rest

    @cell_magic
    def body(self, line, cell):
        self.shell.user_ns[line] = cell

def load_ipython_extension(ip):
    ip.register_magics(Mine(ip, greeting="hi"))
    ip.events.register("post_run_cell", after)
    @register_line_cell_magic
    def both(line, cell=None):
        return line, cell

def unload_ipython_extension(ip):
    ip.events.unregister("post_run_cell", after)
    ip.user_ns["unloaded"] = True

def after(result):
    result.info.raw_cell
'''


class Extensions(KernelCase):
    """Tests an extension as people write them, with the stand-ins that it imports."""

    def setUp(self) -> None:
        super().setUp()
        without_real_packages(self)
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.addCleanup(sys.modules.pop, "dk_people_write", None)
        sys.path.insert(0, directory.name)
        self.path = os.path.join(directory.name, "dk_people_write.py")
        with open(self.path, "w") as file:
            file.write(EXTENSION)

    def test_its_magics_work(self) -> None:
        self.ok("%load_ext dk_people_write\nvalue = 3")
        self.assertEqual(self.ok("%greet -n 2 you"), "('hi youhi you', None)")
        self.assertEqual(self.ok("%%greet --shout {value}\ntext"), r"('HI 3', 'text\n')")
        self.assertIn("unrecognized arguments", self.fails("%greet --nope", "UsageError")["evalue"])
        self.assertEqual(self.ok("%names_here {value}"), "('3', True)")
        self.assertEqual(self.ok("%raw -a -b 1 -b 2 --long=x {value} rest"), "({'a': [''], 'b': ['1', '2'], 'long': ['x']}, '{value} rest')")
        self.assertEqual(self.ok("%%body kept\none\ntwo"), None)
        self.assertEqual(self.ok("kept"), r"'one\ntwo\n'")
        self.assertEqual(self.ok("%both a"), "('a', None)")
        self.assertEqual(self.ok("%%both\na"), r"('', 'a\n')")
        self.assertIn("--number", self.run_cell("%greet?")["payload"][0]["data"]["text/plain"])

    def test_it_is_loaded_once_and_again_after_a_change(self) -> None:
        self.ok("%load_ext dk_people_write")
        self.ok("%load_ext dk_people_write")
        self.assertIn("already loaded", self.printed())
        with open(self.path, "a") as file:
            file.write("\n\nMine.raw.__doc__\nCHANGED = True\n")
        self.ok("%reload_ext dk_people_write\nimport dk_people_write")
        self.assertEqual(self.ok("unloaded, dk_people_write.CHANGED, get_ipython().extension_manager.loaded"), "(True, True, {'dk_people_write'})")
        self.ok("%unload_ext dk_people_write")
        self.assertEqual(self.ok("get_ipython().extension_manager.loaded"), "set()")
