from __future__ import annotations

import builtins
import sys

from .support import KernelCase


class Endings(KernelCase):
    def setUp(self) -> None:
        super().setUp()
        self.ok("get_ipython().events.register('post_execute', lambda: display('callback'))")
        self.clear()

    def kinds(self) -> list[str]:
        return [event["type"] for event in self.events()][1:]

    def test_the_compiler_warns_once_of_a_cell_that_imports(self) -> None:
        self.ok("import json\nassert (1, 'always true')")
        self.assertEqual(self.printed("stderr").count("SyntaxWarning"), 1)

    def test_callbacks_follow_the_value(self) -> None:
        self.ok("5", userExpressions={"x": "1"})
        self.assertEqual(self.kinds(), ["execute_result", "display_data", "execute_reply"])

    def test_callbacks_follow_the_error(self) -> None:
        for code in ("1/0", "await __import__('asyncio').sleep(0)\n1/0", "x = (", "class A:\n  def __repr__(self): 1/0\nraise KeyError"):
            self.clear()
            self.assertEqual(self.run_cell(code)["status"], "error")
            self.assertEqual(self.kinds(), ["execute_error", "display_data", "execute_reply"])

    def test_a_callback_that_ends_the_cell_is_its_error(self) -> None:
        self.run_cell("def leave(): raise SystemExit(3)\nget_ipython().events.register('post_execute', leave)")
        self.assertEqual(self.fails("5", "SystemExit")["evalue"], "3")
        self.assertIsNone(self.run_cell("6")["result"])


class Warnings(KernelCase):
    def test_a_later_cell_shows_the_same_warning_again(self) -> None:
        for _ in range(2):
            self.ok("import warnings\nfor i in range(3):\n    warnings.warn('old')")
            self.ok("warnings.warn('old')")
            self.assertEqual(self.printed("stderr").count("UserWarning: old"), 2)
            self.clear()

    def test_a_filter_holds_for_later_cells(self) -> None:
        self.ok("import warnings\nwith_filter = warnings.catch_warnings()\nwith_filter.__enter__()\nwarnings.simplefilter('ignore')")
        self.ok("warnings.warn('old')\nwith_filter.__exit__(None, None, None)")
        self.assertEqual(self.printed("stderr"), "")


class Results(KernelCase):
    def test_events_of_a_cell_come_in_order(self) -> None:
        reply = self.run_cell("print('a')\n1 + 1")
        self.assertEqual(
            [event["type"] for event in self.events()],
            ["execute_input", "stdout", "execute_result", "execute_reply"],
        )
        self.assertEqual(
            reply,
            {
                "type": "execute_reply", "executionId": "e1", "status": "ok", "executionCount": 1,
                "result": {"data": {"text/plain": "2"}, "metadata": {}}, "error": None,
                "userExpressions": {}, "payload": [],
            },
        )  # fmt: skip
        self.assertEqual(
            self.events("execute_input"),
            [{"type": "execute_input", "executionId": "e1", "code": "print('a')\n1 + 1", "executionCount": 1}],
        )
        self.assertEqual(
            self.events("execute_result"),
            [{"type": "execute_result", "executionId": "e1", "data": {"text/plain": "2"}, "metadata": {},
              "executionCount": 1}],
        )  # fmt: skip

    def test_value_of_the_last_expression_only(self) -> None:
        for code, shown in [
            ("1\n2", "2"), ("x = 5", None), ("x", "5"), ("", None), ("# nothing", None), ("None", None),
            ("if True:\n    7", None), ("(1,\n 2)", "(1, 2)"), ("1; 2", "2"), ("'a' 'b'", "'ab'"),
            ("y = 3; y", "3"), ("  4", "4"), ("\n\n8\n\n", "8"), ("'é'; 'ü'", "'ü'"),
        ]:  # fmt: skip
            with self.subTest(code=code):
                self.assertEqual(self.ok(code), shown)

    def test_semicolon_suppresses(self) -> None:
        for code in ["1;", "1 ; ", "1; # why", "(1\n);", "x = 2\nx;", "'é;';", "(1 # ;\n);", "[1,\n2];\n\n"]:
            with self.subTest(code=code):
                self.assertIsNone(self.ok(code))
        for code in ["'a;'", "1 # ;", "(1 # ;\n)", "'''x\n;'''"]:
            with self.subTest(code=code):
                self.assertIsNotNone(self.ok(code))

    def test_carriage_returns_are_line_ends(self) -> None:
        self.assertEqual(self.ok("a = 1\r\nb = 2\r\na + b\r\n"), "3")

    def test_indented_cell_runs(self) -> None:
        self.assertEqual(self.ok("    a = 1\n    a + 1"), "2")

    def test_pasted_prompts_are_ignored(self) -> None:
        self.assertEqual(self.ok(">>> a = 1\n>>> if a:\n...     a = 5\n>>> a"), "5")

    def test_future_imports_stay(self) -> None:
        self.ok("from __future__ import annotations")
        self.ok("def f(x: undefined): pass")
        self.assertEqual(self.ok("f.__annotations__"), "{'x': 'undefined'}")

    def test_displayhook_of_single_mode_shows(self) -> None:
        self.ok("exec(compile('6*7', '<x>', 'single'))")
        self.assertEqual(self.events("execute_result")[0]["data"], {"text/plain": "42"})

    def test_huge_repr_is_whole(self) -> None:
        self.assertEqual(len(self.ok("'x' * 1_000_000")), 1_000_002)

    def test_broken_repr_is_reported_and_the_cell_succeeds(self) -> None:
        shown = self.ok("class A:\n    def __repr__(self): 1/0\nA()")
        self.assertRegex(shown, r"^<__main__\.A object at 0x")
        self.assertIn("ZeroDivisionError", self.printed("stderr"))

    def test_surrogates_and_nul_cross_as_json(self) -> None:
        self.assertEqual(self.ok("'\\ud800 \\0'"), "'\\ud800 \\x00'")
        self.ok("print('\\ud800')")


class Namespace(KernelCase):
    def test_history_of_values(self) -> None:
        self.ok("1")
        self.ok("2")
        self.ok("x = 0")
        self.assertEqual(self.ok("_, __, ___, _1, _2, Out, _oh is Out"), "(2, 1, '', 1, 2, {1: 1, 2: 2}, True)")

    def test_history_of_inputs(self) -> None:
        self.ok("a = 1")
        self.ok("b = 2")
        self.assertEqual(self.ok("In, _i, _ii, _i1, _i2"), "(['', 'a = 1', 'b = 2', 'In, _i, _ii, _i1, _i2'],\n 'b = 2',\n 'a = 1',\n 'a = 1',\n 'b = 2')")

    def test_own_underscore_is_kept(self) -> None:
        self.ok("_ = 'mine'")
        self.ok("5")
        self.assertEqual(self.ok("_"), "'mine'")
        self.assertEqual(self.ok("_2"), "5")
        self.ok("del _")
        self.ok("6")
        self.assertEqual(self.ok("_"), "6")
        self.ok("import builtins; builtins._ = str.upper")
        self.ok("7")
        self.assertEqual(self.ok("_('text')"), "'TEXT'")
        self.ok("del builtins._")
        self.ok("8")
        self.assertEqual(self.ok("_"), "8")

    def test_out_does_not_contain_itself(self) -> None:
        self.ok("1")
        self.ok("Out")
        self.assertEqual(self.ok("list(Out)"), "[1]")

    def test_names_persist_in_main(self) -> None:
        self.ok("class A: pass\nx = A()")
        self.assertEqual(self.ok("__name__, A.__module__"), "('__main__', '__main__')")
        self.assertEqual(self.ok("import pickle; type(pickle.loads(pickle.dumps(x))) is A"), "True")

    def test_builtins_are_there(self) -> None:
        self.assertEqual(self.ok("get_ipython().execution_count"), "1")
        self.assertTrue(callable(builtins.display))  # type: ignore[attr-defined]

    def test_closing_streams_does_no_harm(self) -> None:
        self.ok("import sys; sys.stdin.close(); sys.stdout = None")
        self.assertEqual(self.ok("1"), "1")

    def test_replaced_stdout_that_fails_does_no_harm(self) -> None:
        self.ok("import sys\nclass Bad:\n    def write(self, t): raise OSError\n    flush = write\nsys.stdout = Bad()")
        self.assertEqual(self.ok("1"), "1")


class Options(KernelCase):
    def test_silent_shows_no_input_and_keeps_the_count(self) -> None:
        self.ok("1")
        self.clear()
        reply = self.run_cell("print('out'); 5", silent=True)
        self.assertEqual([event["type"] for event in self.events()], ["stdout", "execute_reply"])
        self.assertEqual((reply["executionCount"], reply["result"]), (1, None))
        self.assertEqual(self.ok("_"), "1")

    def test_store_history_off_keeps_the_count(self) -> None:
        self.ok("1")
        reply = self.run_cell("2", storeHistory=False)
        self.assertEqual((reply["executionCount"], reply["result"]["data"]), (1, {"text/plain": "2"}))
        self.assertEqual(self.ok("In"), "['', '1', 'In']")
        self.assertEqual(self.kernel.history.query({"accessType": "tail"}), [[1, 1, "1"], [1, 2, "In"]])

    def test_user_expressions(self) -> None:
        reply = self.run_cell("a = 2", userExpressions={"good": "a + 1", "bad": "nope", "worse": "1 +"})
        good, bad, worse = (reply["userExpressions"][name] for name in ("good", "bad", "worse"))
        self.assertEqual(good, {"status": "ok", "data": {"text/plain": "3"}, "metadata": {}})
        self.assertEqual((bad["status"], bad["ename"]), ("error", "NameError"))
        self.assertEqual(worse["ename"], "SyntaxError")

    def test_no_user_expressions_after_an_error(self) -> None:
        self.assertEqual(self.run_cell("1/0", userExpressions={"a": "1"})["userExpressions"], {})

    def test_payload_of_set_next_input(self) -> None:
        reply = self.run_cell("ip = get_ipython()\nip.set_next_input('a')\nip.set_next_input('b', replace=True)")
        self.assertEqual(reply["payload"], [{"source": "set_next_input", "text": "b", "replace": True}])

    def test_bad_requests_are_answered(self) -> None:
        for request in ["", "[]", "null", '{"id": "x"}', '{"id": "x", "code": 5}', '{"code": "1"}']:
            with self.subTest(request=request):
                self.clear()
                self.kernel.execute(request)
                (reply,) = self.events()
                self.assertEqual((reply["type"], reply["status"]), ("execute_reply", "error"))
                self.assertTrue(reply["error"]["ename"])
        self.assertEqual(self.ok("1"), "1")

    def test_lost_event_does_not_fail_the_cell(self) -> None:
        self.platform.fail = True
        stderr, sys.__stderr__ = sys.__stderr__, sys.stderr
        self.addCleanup(setattr, sys, "__stderr__", stderr)
        self.kernel.execute('{"id": "x", "code": "done = 1"}')
        self.platform.fail = False
        self.assertEqual(self.ok("done"), "1")
        self.assertIn("an event was lost", self.printed("stderr"))


class Errors(KernelCase):
    def test_error_is_an_event_and_in_the_reply(self) -> None:
        reply = self.run_cell("print('before')\n1/0")
        self.assertEqual(
            [event["type"] for event in self.events()],
            ["execute_input", "stdout", "execute_error", "execute_reply"],
        )
        event = self.events("execute_error")[0]
        self.assertEqual({key: event[key] for key in ("ename", "evalue", "traceback")}, reply["error"])
        self.assertEqual((reply["error"]["ename"], reply["error"]["evalue"]), ("ZeroDivisionError", "division by zero"))
        self.assertEqual(reply["result"], None)

    def test_system_exit_is_a_result(self) -> None:
        for code, evalue in [("import sys; sys.exit(3)", "3"), ("raise SystemExit", ""), ("exit()", "None"), ("quit(2)", "2")]:
            with self.subTest(code=code):
                self.assertEqual(self.fails(code, "SystemExit")["evalue"], evalue)
        self.assertEqual(self.ok("1"), "1")

    def test_base_exceptions_are_results(self) -> None:
        self.fails("class Odd(BaseException): pass\nraise Odd", "Odd")
        self.fails("raise KeyboardInterrupt", "KeyboardInterrupt")
        self.fails("raise GeneratorExit", "GeneratorExit")
        self.fails("import asyncio\nraise asyncio.CancelledError", "CancelledError")

    def test_syntax_errors(self) -> None:
        for code in ["x = (", "def f(:", "  x\n y", "return 5", "yield", "\0", "1 = x", "await", "f'{'"]:
            with self.subTest(code=code):
                self.assertIn(self.run_cell(code)["error"]["ename"], ("SyntaxError", "IndentationError", "TabError"))
        self.assertEqual(self.ok("1"), "1")

    def test_names_of_failed_cells_stay(self) -> None:
        self.fails("a = 1\n1/0\nb = 2", "ZeroDivisionError")
        self.assertEqual(self.ok("a, 'b' in globals()"), "(1, False)")

    def test_last_error_is_kept_for_post_mortems(self) -> None:
        self.fails("1/0", "ZeroDivisionError")
        self.assertEqual(self.ok("import sys; sys.last_type.__name__, sys.last_traceback is not None"), "('ZeroDivisionError', True)")


class Async(KernelCase):
    def test_await_runs_as_a_task_by_its_id(self) -> None:
        name = self.start("import asyncio\nx = await asyncio.sleep(5, 'slept')\nx")
        self.assertIsNone(self.reply_of(name))
        self.assertIn(name, self.kernel.tasks)
        self.assertEqual(self.finish(name)["result"]["data"], {"text/plain": "'slept'"})
        self.assertEqual(self.kernel.tasks, {})
        self.assertEqual(self.loop.now, 1005.0)

    def test_every_form_of_top_level_await(self) -> None:
        self.ok("import asyncio\nasync def gen():\n    for i in range(3):\n        await asyncio.sleep(1)\n        yield i")
        self.assertEqual(self.ok("[i async for i in gen()]"), "[0, 1, 2]")
        self.assertEqual(self.ok("t = 0\nasync for i in gen():\n    t += i\nt"), "3")
        self.assertEqual(self.ok("async with asyncio.timeout(10):\n    r = await asyncio.sleep(1, 4)\nr"), "4")
        self.assertIsNone(self.ok("await asyncio.sleep(0, 5);"))

    def test_error_after_await(self) -> None:
        error = self.fails("import asyncio\nawait asyncio.sleep(1)\n1/0", "ZeroDivisionError")
        self.assertIn("----> 3", error["traceback"][2].replace("\x1b[1;32m", ""))

    def test_system_exit_after_await(self) -> None:
        self.fails("import asyncio, sys\nawait asyncio.sleep(1)\nsys.exit(4)", "SystemExit")

    def test_events_of_background_tasks_keep_their_cell(self) -> None:
        self.ok("import asyncio\nasync def bg():\n    await asyncio.sleep(5)\n    display('late')\nt = asyncio.create_task(bg())", id="first")
        self.ok("await asyncio.sleep(10)\ndisplay('now')", id="second")
        shown = {event["data"]["text/plain"]: event["executionId"] for event in self.events("display_data")}
        self.assertEqual(shown, {"'late'": "first", "'now'": "second"})

    def test_cells_that_overlap_keep_their_events(self) -> None:
        first = self.start("import asyncio\nawait asyncio.sleep(5)\ndisplay('one')", id="one")
        self.ok("display('two')", id="two")
        self.finish(first)
        shown = {event["data"]["text/plain"]: event["executionId"] for event in self.events("display_data")}
        self.assertEqual(shown, {"'one'": "one", "'two'": "two"})

    def test_context_variables_stay(self) -> None:
        self.ok("import contextvars, asyncio\nv = contextvars.ContextVar('v', default=0)\nv.set(1)")
        self.ok("await asyncio.sleep(0)\nv.set(v.get() + 1)")
        self.assertEqual(self.ok("v.get()"), "2")

    def test_exceptions_of_background_tasks_end_nothing(self) -> None:
        for error in ["SystemExit(3)", "KeyboardInterrupt", "ValueError"]:
            self.ok(f"import asyncio\nasync def bg():\n    raise {error}\nt = asyncio.create_task(bg())")
            self.ok("await asyncio.sleep(1)")
        self.assertEqual(self.ok("asyncio.get_running_loop().call_soon(exit)\nawait asyncio.sleep(1, 'alive')"), "'alive'")

    def test_cancelling_oneself_is_a_cancelled_error(self) -> None:
        self.fails("import asyncio\nasyncio.current_task().cancel()\nawait asyncio.sleep(1)", "CancelledError")

    def test_flush_before_suspension(self) -> None:
        name = self.start("import asyncio\nprint('part', end='')\nawait asyncio.sleep(5)")
        self.loop.run_until(lambda: self.printed() == "part")
        self.assertIsNone(self.reply_of(name))
        self.finish(name)


class Callbacks(KernelCase):
    def test_order_and_arguments(self) -> None:
        self.ok(
            "seen = []\nev = get_ipython().events\n"
            "ev.register('pre_execute', lambda: seen.append('pre'))\n"
            "ev.register('pre_run_cell', lambda info: seen.append(info.raw_cell))\n"
            "ev.register('post_execute', lambda: seen.append('post'))\n"
            "ev.register('post_run_cell', lambda r: seen.append((r.success, r.result, type(r.error_in_exec).__name__)))"
        )
        self.names["seen"].clear()
        self.ok("6")
        self.fails("1/0", "ZeroDivisionError")
        self.assertEqual(
            self.names["seen"],
            ["pre", "6", "post", (True, 6, "NoneType"), "pre", "1/0", "post", (False, None, "ZeroDivisionError")],
        )

    def test_a_cell_that_cannot_be_compiled_has_all_events(self) -> None:
        self.ok("seen = []\nfor name in get_ipython().events.callbacks: get_ipython().events.register(name, lambda *given, name=name: seen.append(name))")
        self.names["seen"].clear()
        self.fails("1 +", "SyntaxError")
        self.assertEqual(self.names["seen"], ["pre_execute", "pre_run_cell", "post_execute", "post_run_cell"])

    def test_broken_callback_is_reported(self) -> None:
        self.ok("def bad(): 1/0\nget_ipython().events.register('post_execute', bad)")
        self.assertEqual(self.ok("2"), "2")
        self.assertIn("Error in callback", self.printed("stderr"))

    def test_unregister_and_unknown_names(self) -> None:
        self.ok("f = lambda: 1/0\nget_ipython().events.register('pre_execute', f)\nget_ipython().events.unregister('pre_execute', f)")
        self.ok("1")
        self.assertEqual(self.printed("stderr"), "")
        self.fails("get_ipython().events.register('nope', f)", "KeyError")
        self.fails("get_ipython().events.unregister('pre_execute', f)", "ValueError")
        self.fails("get_ipython().events.register('pre_execute', 5)", "TypeError")


class Unnumbered(KernelCase):
    def test_their_sources_do_not_pile_up(self) -> None:
        import linecache

        for _ in range(1100):
            self.run_cell("1", silent=True)
        kept = [name for name in linecache.cache if name.startswith("<cell In[~")]
        self.assertLessEqual(len(kept), 1000)


class Builtins(KernelCase):
    def test_those_that_a_cell_takes_away_are_restored(self) -> None:
        for code in ["del builtins.len", "builtins.str = None", "builtins.__dict__.clear()", "del builtins.BaseException\n1/0",
                     "builtins.__import__ = 5", "await asyncio.sleep(0)\ndel builtins.isinstance, builtins.super"]:  # fmt: skip
            with self.subTest(code=code):
                self.clear()
                kept = dict(builtins.__dict__)
                try:
                    self.run_cell(f"import asyncio, builtins\n{code}")
                    self.assertEqual({name for name, value in kept.items() if vars(builtins).get(name) is not value} - {"_"}, set())
                finally:
                    builtins.__dict__.update(kept)
                self.assertIn("restored them: ", self.printed("stderr"))
                self.assertEqual(self.ok("len(str(12))"), "2")

    def test_those_that_a_cell_replaces_stay(self) -> None:
        self.addCleanup(setattr, builtins, "ascii", ascii)
        self.ok("import builtins\nbuiltins.ascii = lambda value: 'mine'\nbuiltins.added = type('A', (), {'__eq__': lambda *_: 1/0})()")
        self.addCleanup(delattr, builtins, "added")
        self.assertEqual(self.ok("ascii(5)"), "'mine'")
        self.assertEqual(self.printed("stderr"), "")
