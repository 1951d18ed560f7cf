from __future__ import annotations

import sys
import types

from .support import KernelCase, plain


class Registry(KernelCase):
    def test_unknown_magics_name_close_ones(self) -> None:
        self.assertIn("Did you mean `%timeit`", self.fails("%timeti 1", "UsageError")["evalue"])
        self.assertIn("`%%capture`", self.fails("%%captur\nx", "UsageError")["evalue"])
        self.assertIn("cell magic `%%writefile`", self.fails("%writefile x", "UsageError")["evalue"])
        self.assertIn("first line", self.fails("x = 1\n%%time\nx", "UsageError")["evalue"])
        self.assertNotIn("Did you mean", self.fails("%qqqqqqqq", "UsageError")["evalue"])

    def test_usage_errors_are_one_line(self) -> None:
        self.assertEqual(len(self.fails("%qqqqqqqq", "UsageError")["traceback"]), 1)

    def test_every_magic_that_is_promised_exists(self) -> None:
        from deno_kernel.magics import GROUPS

        registry = self.names["get_ipython"]().magics_manager
        magics = registry.magics
        known = set(magics["line"]) | set(magics["cell"])
        self.assertEqual({name for names in GROUPS.values() for name in names.split()} - known, set())
        for name in "time timeit who whos reset env cd pwd ls run load matplotlib pip lsmagic history xmode config magic".split():
            self.assertIn(name, magics["line"])
        for name in "time timeit writefile capture bash html markdown latex svg javascript".split():
            self.assertIn(name, magics["cell"])
        for functions in magics.values():
            for name, function in functions.items():
                self.assertTrue(function.__doc__, name)

    def test_register_functions(self) -> None:
        self.ok(
            "from deno_kernel.ipython.magic import register_line_magic, register_cell_magic, register_line_cell_magic\n"
            "@register_line_magic\ndef one(line): return line.upper()\n"
            "@register_cell_magic('other')\ndef two(line, cell): return line, cell\n"
            "@register_line_cell_magic\ndef both(line, cell=None): return cell"
        )
        self.assertEqual(self.ok("%one abc"), "'ABC'")
        self.assertEqual(self.ok("%%other l\nbody"), r"('l', 'body\n')")
        self.assertEqual(self.ok("x = %one q\nx"), "'Q'")
        self.assertEqual(self.ok("%%both\nb"), r"'b\n'")
        self.assertIsNone(self.ok("%both"))

    def test_classes(self) -> None:
        self.ok(
            "from deno_kernel.ipython.magic import Magics, magics_class, line_magic, cell_magic, needs_local_scope\n"
            "@magics_class\nclass M(Magics):\n"
            "    @line_magic\n    def aa(self, line): return self.shell is get_ipython(), line\n"
            "    @line_magic('named')\n    @needs_local_scope\n    def bb(self, line, local_ns): return local_ns['v']\n"
            "    @cell_magic\n    def cc(self, line, cell): return cell\n"
            "get_ipython().register_magics(M)\nv = 5"
        )
        self.assertEqual(self.ok("%aa x"), "(True, 'x')")
        self.assertEqual(self.ok("%named"), "5")
        self.assertEqual(self.ok("%%cc\nz"), r"'z\n'")
        self.fails("get_ipython().register_magics(5)", "TypeError")
        self.fails("get_ipython().register_magic_function(print, 'odd')", "ValueError")

    def test_own_magic_replaces_ours(self) -> None:
        self.ok("get_ipython().register_magic_function(lambda line: 'mine', 'line', 'who')")
        self.assertEqual(self.ok("%who"), "'mine'")
        self.assertEqual(self.ok("%who_ls"), "[]")
        self.assertEqual(self.ok("%who"), "'mine'")

    def test_values_in_lines(self) -> None:
        self.ok("get_ipython().register_magic_function(lambda line: line, 'line', 'echo')\na = 3\nclass O: b = 4")
        self.assertEqual(self.ok("%echo {a} {a + 1} $a $O.b ${nope} {{x}} $$a {1/0}"), "'3 4 3 4 ${nope} {x} $a {1/0}'")
        self.ok("s = 'é'")
        self.ok("print(get_ipython().run_line_magic('echo', '{s!r} {s!s} {s!a} {a!x} {a != 4}'))")
        self.assertEqual(self.printed(), "'é' é '\\xe9' {a!x} True\n")

    def test_a_cell_magic_needs_a_body(self) -> None:
        self.ok("def body(line, cell=None): return line, cell\nget_ipython().register_magic_function(body, 'line_cell')")
        for code in ["%%body", "%%body x", "%%body x\n"]:
            with self.subTest(code=code):
                evalue = self.fails(code, "UsageError")["evalue"]
                self.assertEqual(evalue, "%%body is a cell magic, but the cell body is empty. Did you mean the line magic %body (single %)?")
        self.assertEqual(self.ok("%%body x\n\n"), "('x', '\\n')")
        self.assertNotIn("Did you mean", self.fails("%%html", "UsageError")["evalue"])

    def test_arguments_by_decorator(self) -> None:
        self.ok(
            "from deno_kernel.ipython.magic_arguments import *\n"
            "@magic_arguments()\n@argument('-n', type=int, default=1, help='times')\n@argument('what')\n"
            "def rep(line):\n    'Repeats.'\n    a = parse_argstring(rep, line)\n    return a.what * a.n\n"
            "get_ipython().register_magic_function(rep)"
        )
        self.assertEqual(self.ok("%rep -n 3 'a b'"), "'a ba ba b'")
        self.fails("%rep", "UsageError")
        self.assertIn("-n", self.names["rep"].__doc__)

    def test_magic_method_and_lookup(self) -> None:
        self.assertEqual(self.ok("get_ipython().magic('%who_ls')"), "[]")
        self.assertEqual(self.ok("get_ipython().find_magic('nope') is None, get_ipython().find_line_magic('time') is not None"), "(True, True)")


class Timing(KernelCase):
    def test_time_gives_the_value(self) -> None:
        self.assertEqual(self.ok("%time 1 + 1"), "2")
        self.assertRegex(self.printed(), r"CPU times: .*\nWall time: .*\n")
        self.assertEqual(self.ok("x = %time 5\nx"), "5")
        self.assertIsNone(self.ok("%time 5;"))
        self.assertEqual(self.ok("%%time\ny = 2\ny * 3"), "6")
        self.assertEqual(self.ok("y"), "2")

    def test_time_awaits(self) -> None:
        self.ok("import asyncio")
        self.assertEqual(self.ok("%time await asyncio.sleep(1, 'r')"), "'r'")
        self.assertEqual(self.ok("%%time\nz = await asyncio.sleep(1, 'q')\nz"), "'q'")
        self.platform.waits_allowed = False
        self.fails("%time await asyncio.sleep(1)", "RuntimeError")

    def test_time_is_interrupted(self) -> None:
        self.ok("import asyncio")
        self.loop.call_later(1, lambda: self.call("interrupt", executionId="x"))
        self.fails("%%time\nawait asyncio.sleep(100)", "KeyboardInterrupt", id="x")
        self.assertIn("Wall time", self.printed())

    def test_time_errors(self) -> None:
        self.fails("%time 1/0", "ZeroDivisionError")
        self.fails("%time (", "SyntaxError")
        self.fails("%%time x\ny", "UsageError")

    def test_timeit(self) -> None:
        self.ok("n = 0")
        self.ok("def f():\n    global n\n    n += 1")
        self.ok("%timeit -n 3 -r 2 f()")
        self.assertEqual(self.names["n"], 6)
        self.assertRegex(self.printed(), r"^[\d.]+ \S+ ± .* per loop \(mean ± std\. dev\. of 2 runs, 3 loops each\)\n$")
        self.clear()
        self.ok("r = %timeit -n1 -r1 -q -o f()")
        self.assertEqual((self.printed(), self.names["r"].loops), ("", 1))
        self.ok("%%timeit -n1 -r1 k = 5\nassert k == 5\nf()")
        for bad in ["%timeit", "%timeit -n x f()", "%timeit -r 0 f()", "%timeit -z f()"]:
            self.fails(bad, "UsageError")
        self.fails("%timeit -n1 -r1 1/0", "ZeroDivisionError")

    def test_local_names_of_a_function(self) -> None:
        self.ok("def f(local):\n    %time print(local * 2)\n    %timeit -n1 -r1 local * 2\nf('hi')")
        self.assertIn("hihi", self.printed())
        self.assertIn("per loop", self.printed())

    def test_formats(self) -> None:
        from deno_kernel.magics.timing import format_time

        for seconds, text in [(999.7e-9, "1 μs"), (0, "0 ns"), (1.5e-9, "1.5 ns"), (0.00123, "1.23 ms"), (59.94, "59.9 s"), (3725, "1h 2min 5s"), (86400, "1d")]:
            self.assertEqual(format_time(seconds), text)


class Names(KernelCase):
    def test_who(self) -> None:
        self.ok("%who")
        self.assertEqual(self.printed(), "Interactive namespace is empty.\n")
        self.ok("a = 1\nb = 'x'\n_h = 2\nc = [1, 2]")
        self.assertEqual(self.ok("%who_ls"), "['a', 'b', 'c']")
        self.assertEqual(self.ok("%who_ls int list"), "['a', 'c']")
        self.clear()
        self.ok("%who")
        self.assertEqual(self.printed(), "a\t b\t c\n")
        self.clear()
        self.ok("%whos")
        self.assertEqual([row.split() for row in self.printed().splitlines()[2:]], [["a", "int", "1"], ["b", "str", "x"], ["c", "list", "n=2"]])

    def test_reset(self) -> None:
        self.ok("a = 1\n5")
        self.fails("%reset", "UsageError")
        self.assertEqual(self.ok("a"), "1")
        self.platform.on_event = lambda e: e["type"] == "input_request" and self.loop.call_soon(
            lambda: self.call("inputReply", requestId=e["requestId"], value="n")
        )
        self.ok("%reset", allowStdin=True)
        self.assertEqual(self.ok("a"), "1")
        self.ok("%reset -f")
        self.fails("a", "NameError")
        self.assertEqual(self.ok("Out, _, callable(get_ipython), __name__"), "({}, '', True, '__main__')")

    def test_selective(self) -> None:
        self.ok("ab = 1\nac = 2\nb = 3")
        self.ok("%reset_selective -f ^a")
        self.assertEqual(self.ok("%who_ls"), "['b']")
        self.ok("%xdel b")
        self.fails("%xdel b", "UsageError")
        self.fails("%reset_selective -f [", "UsageError")


class Capture(KernelCase):
    def test_everything(self) -> None:
        self.assertIsNone(self.ok("%%capture c\nimport sys\nprint('out')\nprint('err', file=sys.stderr)\ndisplay('shown')\n42"))
        self.assertEqual(self.events("stdout", "stderr", "display_data", "execute_result"), [])
        captured = self.names["c"]
        self.assertEqual((captured.stdout, captured.stderr, str(captured)), ("out\n", "err\n", "out\n"))
        self.assertEqual([output.data["text/plain"] for output in captured.outputs], ["'shown'", "42"])
        self.ok("c.show()")
        self.assertEqual((self.printed(), self.printed("stderr"), len(self.events("display_data"))), ("out\n", "err\n", 2))

    def test_some(self) -> None:
        self.ok("%%capture --no-stdout c\nprint('out')\ndisplay(1)")
        self.assertEqual((self.printed(), self.events("display_data")), ("out\n", []))
        self.ok("%%capture --no-display c\ndisplay(1)\n2")
        self.assertEqual(len(self.events("display_data")), 1)
        self.assertEqual(len(self.events("execute_result")), 1)
        self.fails("%%capture --odd\nx", "UsageError")

    def test_awaits_errors_and_interrupts_restore(self) -> None:
        self.ok("import asyncio")
        self.ok("%%capture c\nprint(await asyncio.sleep(1, 'x'))")
        self.assertEqual(self.names["c"].stdout, "x\n")
        self.fails("%%capture c\nprint('before')\n1/0", "ZeroDivisionError")
        self.assertEqual(self.names["c"].stdout, "before\n")
        self.loop.call_later(1, lambda: self.call("interrupt", executionId="x"))
        self.fails("%%capture c\nawait asyncio.sleep(100)", "KeyboardInterrupt", id="x")
        self.ok("print('visible')\ndisplay(1)")
        self.assertEqual((self.printed(), len(self.events("display_data"))), ("visible\n", 1))

    def test_context(self) -> None:
        self.ok("from deno_kernel.display.capture import capture_output\nwith capture_output() as c:\n    print('in')\nprint('out')")
        self.assertEqual((self.printed(), self.names["c"].stdout), ("out\n", "in\n"))


class Session(KernelCase):
    def test_history(self) -> None:
        self.ok("a = 1")
        self.ok("a + 1")
        self.ok("%history")
        self.assertEqual(self.printed(), "a = 1\na + 1\n")
        self.clear()
        self.ok("%history -n -o 1-2")
        self.assertEqual(self.printed(), "   1: a = 1\n   2: a + 1\n2\n")
        self.clear()
        self.ok("%history -l 2")
        self.assertEqual(self.printed(), "%history\n%history -n -o 1-2\n")
        self.clear()
        self.ok("%history -g +")
        self.assertEqual(self.printed().splitlines()[0], "a + 1")
        self.fails("%history -l x", "UsageError")
        self.fails("%history x", "UsageError")

    def test_lsmagic(self) -> None:
        self.assertIn("%%capture", self.ok("%lsmagic"))
        self.assertIn("%time:", self.run_cell("%magic")["payload"][0]["data"]["text/plain"])

    def test_help_is_a_page(self) -> None:
        self.ok("def f(x, y=2):\n    'Adds things.'\n    return x")
        (payload,) = self.run_cell("f?")["payload"]
        text = plain(payload["data"]["text/plain"])
        self.assertEqual((payload["source"], payload["start"]), ("page", 0))
        self.assertIn("Signature:  f(x, y=2)", text)
        self.assertIn("Adds things.", text)
        self.assertNotIn("return x", text)
        self.assertIn("return x", self.run_cell("f??")["payload"][0]["data"]["text/plain"])
        self.assertIn("Times one run", self.run_cell("%time?")["payload"][0]["data"]["text/plain"])
        self.assertIn("captures its output", self.run_cell("%%capture?")["payload"][0]["data"]["text/plain"])
        self.assertIn("isinstance", self.run_cell("isin*?")["payload"][0]["data"]["text/plain"])
        self.ok("nothing_there?")
        self.assertIn("Object `nothing_there` not found.", self.printed())
        self.assertEqual(self.run_cell("%pdoc f")["payload"][0]["data"]["text/plain"], "Adds things.")

    def test_config(self) -> None:
        self.ok("%config InlineBackend.figure_formats = ['svg']")
        self.assertEqual(self.ok("%config InlineBackend.figure_formats"), "{'svg'}")
        self.ok("%config InlineBackend.figure_format = 'retina'")
        self.assertEqual(self.ok("%config InlineBackend.figure_format"), "{'retina'}")
        self.fails("%config InlineBackend.figure_formats = ['bmp']", "ValueError")
        self.fails("%config InlineBackend.nope = 1", "UsageError")
        self.fails("%config Nope.x = 1", "UsageError")

    def test_precision(self) -> None:
        self.assertEqual(self.ok("%precision 3"), "'%.3f'")
        self.assertEqual(self.ok("1/3"), "0.333")
        self.assertEqual(self.ok("[1/3, 1]"), "[0.333, 1]")
        self.ok("%precision")
        self.assertEqual(self.ok("1/4"), "0.25")
        self.fails("%precision x", "UsageError")

    def test_extensions(self) -> None:
        module = types.ModuleType("dk_ext")
        module.load_ipython_extension = lambda ip: ip.user_ns.update(loaded=True)  # type: ignore[attr-defined]
        sys.modules["dk_ext"] = module
        self.addCleanup(sys.modules.pop, "dk_ext")
        self.ok("%load_ext dk_ext")
        self.assertEqual(self.ok("loaded"), "True")
        self.ok("%load_ext dk_ext")
        self.assertIn("already loaded", self.printed())
        self.fails("%load_ext no_such_ext", "ModuleNotFoundError")

    def test_shown_languages(self) -> None:
        for name, mime in [("html", "text/html"), ("markdown", "text/markdown"), ("latex", "text/latex"), ("javascript", "application/javascript")]:
            self.clear()
            self.ok(f"%%{name}\n<b>{name}</b>")
            self.assertEqual(self.events("display_data")[0]["data"][mime], f"<b>{name}</b>\n")
        self.clear()
        self.ok("%%svg\n<?xml version='1.0'?><svg/>")
        self.assertEqual(self.events("display_data")[0]["data"]["image/svg+xml"], "<svg/>")
        self.fails("%%svg\nnothing of the kind", "ExpatError")
        self.clear()
        self.ok("%%html --isolated\n<b/>")
        self.assertEqual(self.events("display_data")[0]["metadata"], {"text/html": {"isolated": True}})
        self.fails("%%html --other\n<b/>", "UsageError")


class NotHere(KernelCase):
    def test_processes(self) -> None:
        for code in ["!ls", "x = !ls", "!!ls", "%system ls", "%sx ls", "%%bash\nls", "%%sh\nls", "%%script perl\nx", "get_ipython().system('ls')"]:
            with self.subTest(code=code):
                self.assertIn("no processes", self.fails(code, "UsageError")["evalue"])

    def test_debugger_without_an_answer(self) -> None:
        self.fails("1/0", "ZeroDivisionError")
        self.fails("%debug", "StdinNotImplementedError")
        self.fails("%debug -b 3", "UsageError")
        self.fails("%pdb maybe", "UsageError")

    def test_windows(self) -> None:
        self.fails("%matplotlib qt", "UsageError")
        self.fails("%matplotlib notebook", "UsageError")


class Nested(KernelCase):
    def test_run_cell(self) -> None:
        self.ok("r = get_ipython().run_cell('a = 2\\na + 1')")
        self.assertEqual(self.events("execute_result")[0]["data"], {"text/plain": "3"})
        self.assertEqual((self.names["r"].success, self.names["r"].result, self.names["a"]), (True, 3, 2))

    def test_errors_are_shown_and_kept(self) -> None:
        self.ok("r = get_ipython().run_cell('1/0')\ns = get_ipython().run_cell('(')\nafter = 1")
        self.assertEqual([event["ename"] for event in self.events("execute_error")], ["ZeroDivisionError", "SyntaxError"])
        r, s = self.names["r"], self.names["s"]
        self.assertEqual((r.success, type(r.error_in_exec), type(s.error_before_exec)), (False, ZeroDivisionError, SyntaxError))
        with self.assertRaises(ZeroDivisionError):
            r.raise_error()

    def test_awaiting(self) -> None:
        self.ok("r = get_ipython().run_cell('import asyncio\\nawait asyncio.sleep(1, 4)')")
        self.assertEqual(self.names["r"].result, 4)
        self.ok("r = await get_ipython().run_cell_async('await asyncio.sleep(1, 6)')")
        self.assertEqual(self.names["r"].result, 6)

    def test_shell_surface(self) -> None:
        self.assertEqual(self.ok("ip = get_ipython()\nip.ex('q = 1')\nip.ev('q + 1')"), "2")
        self.ok("ip.push({'w': 5})\nip.push({'hid': 5}, interactive=False)")
        self.assertEqual(self.ok("w, hid, 'hid' in ip.run_line_magic('who_ls', '')"), "(5, 5, False)")
        self.assertEqual(self.ok("ip.user_ns is globals(), ip.user_module.__name__"), "(True, '__main__')")
        self.ok("ip.config.InlineBackend.rc = {'a': 1}")
        self.assertEqual(self.ok("ip.config.InlineBackend.rc, ip.config['InlineBackend']['rc']"), "({'a': 1}, {'a': 1})")
        self.assertEqual(self.ok("ip.kernel.get_parent()['header']['msg_id'], ip.kernel.shell is ip"), f"('e{self._number}', True)")
        self.assertEqual(self.ok("type(ip).initialized(), type(ip).instance() is ip"), "(True, True)")
        self.ok("ip.drop_by_id({'w': w})")
        self.fails("w", "NameError")


class Automagic(KernelCase):
    def test_magics_run_without_a_percent_sign(self) -> None:
        self.ok("%cd -q /")
        for code in ("pwd", " pwd ", "%pwd"):
            self.assertEqual(self.ok(code), "'/'")
        self.ok("cd -q -")
        self.ok("who_ls\n")
        self.assertEqual(self.ok("who_ls int"), "[]")
        self.assertEqual(self.call("isComplete", code="cd ..")["status"], "complete")

    def test_python_has_precedence(self) -> None:
        self.fails("pwd.x", "NameError")
        self.fails("pwd()", "NameError")
        self.fails("pwd\n1", "NameError")
        self.ok("ls = 5")
        self.assertEqual(self.ok("ls"), "5")
        self.assertEqual(self.ok("ls - 1"), "4")
        for code in ("env = 1", "dirs   = 1", "who, hist = 1, 2", "pinfo: int = 3", "run += 1"):
            with self.subTest(code=code):
                self.assertNotEqual(self.run_cell(code)["error"] and self.run_cell(code)["error"]["ename"], "UsageError")

    def test_it_can_be_turned_off_and_on(self) -> None:
        self.ok("automagic off")
        self.fails("pwd", "NameError")
        self.ok("%automagic")
        self.run_cell("pwd")
        self.assertEqual(
            self.printed().splitlines(),
            ["Automagic is OFF, % prefix IS needed for line magics.", "Automagic is ON, % prefix IS NOT needed for line magics."],
        )
        self.assertIn("Automagic is ON", self.ok("lsmagic"))


class Naming(KernelCase):
    def test_alias_magic(self) -> None:
        self.ok("%alias_magic t timeit\n%alias_magic -l -p '-q /' go cd\n%alias_magic --cell quiet capture")
        self.assertEqual(
            self.printed().splitlines(),
            ["Created `%t` as an alias for `%timeit`.", "Created `%%t` as an alias for `%%timeit`.", "Created `%go` as an alias for `%cd -q /`.",
             "Created `%%quiet` as an alias for `%%capture`."],
        )  # fmt: skip
        self.ok("%t -n1 -r1 -q pass")
        self.ok("%go")
        self.assertEqual(self.ok("%pwd"), "'/'")
        self.clear()
        self.ok("%%quiet out\nprint(5)")
        self.assertEqual((self.printed(), self.ok("out.stdout")), ("", r"'5\n'"))
        self.fails("%alias_magic x no_such_magic", "UsageError")
        self.fails("%alias_magic -c x cd", "UsageError")

    def test_alias(self) -> None:
        self.ok("%alias show pip list %l")
        self.ok("%show")
        self.assertEqual(self.ok("%alias"), "[('show', 'pip list %l')]")
        self.ok("%alias two echo %s and %s")
        self.assertIn("requires 2 arguments, 1 given", self.fails("%two a", "UsageError")["evalue"])
        self.assertIn("'echo a and b c'", self.fails("%two a b c", "UsageError")["evalue"])
        self.ok("%unalias show")
        self.fails("%show", "UsageError")


class Profiling(KernelCase):
    def test_prun(self) -> None:
        # The list is sorted by time, so the function has to take some of it.
        self.ok("def f():\n    for _ in range(20_000): pass\n    return sum(range(10))")
        (page,) = self.run_cell("%prun -l 3 f()")["payload"]
        self.assertIn("(f)", page["data"]["text/plain"])
        self.assertIn("List reduced from 5 to 3 due to restriction <3>", page["data"]["text/plain"])
        self.assertEqual(self.ok("p = %prun -q -r f()\n{name[2] for name in p.stats if name[0].endswith('.py')}"), "set()")
        self.ok("%%prun -q -r\nx = f()\nx = f()")
        self.assertEqual(self.names["x"], 45)
        self.assertEqual(self.ok("type(_).__name__"), "'Stats'")
        self.fails("%prun -s nonsense f()", "UsageError")
        self.fails("%prun 1/0", "ZeroDivisionError")
        self.fails("%prun", "UsageError")


class Idle(KernelCase):
    def test_magics_without_effect_say_so_once(self) -> None:
        self.ok("%gui qt\n%gui\n%autosave 60\n%rehashx\n%logstart")
        lines = self.printed("stderr").splitlines()
        self.assertEqual([line.split()[0] for line in lines], ["%gui", "%autosave", "%rehashx", "%logstart"])
        self.assertIn("%gui has no effect here: there is no window system.", lines)


class Silenced(KernelCase):
    def test_a_semicolon_hides_the_value_of_a_magic(self) -> None:
        self.assertIsNone(self.ok("%time 5;"))
        self.assertIsNone(self.ok("%time 5;  # quiet"))
        self.assertEqual(self.ok("%time 5"), "5")
        self.assertEqual(self.ok("%time ';'"), "';'")
        self.assertIsNone(self.ok("%%time\n5;"))
        self.ok(
            "from deno_kernel.ipython.magic import output_can_be_silenced, register_line_magic\n"
            "@register_line_magic\n@output_can_be_silenced\ndef quiet(line): return line\n"
            "@register_line_magic\ndef loud(line): return line"
        )
        self.assertIsNone(self.ok("%quiet a;"))
        self.assertEqual(self.ok("%quiet a"), "'a'")
        self.assertEqual(self.ok("%loud a;"), "'a;'")

    def test_config_of_the_shell(self) -> None:
        self.ok("%config")
        self.ok("%config InteractiveShell")
        self.ok("%config InteractiveShell.automagic = False")
        self.assertIn("InteractiveShell.ast_node_interactivity = 'last_expr'\n", self.printed())
        self.fails("pwd", "NameError")
