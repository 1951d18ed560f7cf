from __future__ import annotations

import os
import tempfile

from .support import KernelCase, plain


class Identity(KernelCase):
    def test_libraries_find_a_notebook(self) -> None:
        self.ok("ip = get_ipython()")
        self.assertEqual(self.ok("type(ip).__name__, 'zmq' in str(type(ip)), type(ip).__module__"), "('ZMQInteractiveShell', True, 'ipykernel.zmqshell')")
        self.assertEqual(self.ok("'IPKernelApp' in ip.config, 'TerminalIPythonApp' in ip.config, __IPYTHON__"), "(True, False, True)")

    def test_traits_are_described_checked_and_observed(self) -> None:
        self.ok("ip = get_ipython(); seen = []")
        self.assertEqual(self.ok("ip.has_trait('kernel'), ip.has_trait('nope'), 'xmode' in ip.trait_names()"), "(True, False, True)")
        self.ok("ip.observe(lambda change: seen.append((change.name, change['old'], change.new)), names='automagic')")
        self.ok("ip.automagic = False; ip.automagic = False; ip.xmode = 'plain'")
        self.assertEqual(self.ok("seen, ip.xmode, ip.trait_defaults('automagic')"), "([('automagic', True, False)], 'Plain', True)")
        self.fails("ip.automagic = 'yes'", "ValueError")
        self.fails("ip.set_trait('nope', 1)", "ValueError")

    def test_a_trait_without_effect_says_so_once(self) -> None:
        self.ok("ip = get_ipython()\nip.cache_size = 1000\nip.cache_size = 5\nip.cache_size = 6\nip.Completer.use_jedi = False")
        self.assertEqual(self.printed("stderr"), "ZMQInteractiveShell.cache_size has no effect here: all values of cells are kept.\n")


class Names(KernelCase):
    def test_push_drop_and_delete(self) -> None:
        self.ok("ip = get_ipython(); a = b = [1]; ip.push({'c': a}); ip.drop_by_id({'b': a, 'c': []})")
        self.assertEqual(self.ok("'b' in ip.user_ns, 'c' in ip.user_global_ns"), "(False, True)")
        self.ok("ip.del_var('c')")
        self.assertEqual(self.ok("'a' in ip.user_ns, 'c' in ip.user_ns"), "(False, False)")
        self.fails("ip.del_var('nope')", "NameError")
        self.ok("keep1 = keep2 = other = 1; ip.reset_selective('keep.*')")
        self.assertEqual(self.ok("'keep1' in ip.user_ns, 'other' in ip.user_ns"), "(False, True)")
        self.fails("ip.push(5)", "ValueError")

    def test_expressions_and_scopes(self) -> None:
        self.assertEqual(self.ok("ip = get_ipython(); ip.ex('q = 2'); ip.ev('q + 1')"), "3")
        self.assertEqual(self.ok("ip.user_expressions({'x': 'q', 'y': '1/0'})['x']['data'], ip.user_expressions({'y': '1/0'})['y']['ename']"), "({'text/plain': '2'}, 'ZeroDivisionError')")
        self.assertEqual(self.ok("def f():\n    inner = 1\n    return sorted(get_ipython().get_local_scope(0))\nf()"), "['inner']")

    def test_magics_see_the_names_of_the_function_that_calls_them(self) -> None:
        self.ok(
            "from deno_kernel.ipython.magic import needs_local_scope\n"
            "@needs_local_scope\ndef look(line, local_ns): return line, sorted(local_ns)\n"
            "get_ipython().register_magic_function(look)\n"
            "def f():\n    inner = 7\n    %look\n    return get_ipython().run_line_magic('look', '{inner} {look.__name__} $inner')"
        )
        self.assertEqual(self.ok("f()"), "('7 look 7', ['inner'])")


class Code(KernelCase):
    def test_transformers_of_lines_have_their_effect(self) -> None:
        self.ok("ip = get_ipython(); ip.input_transformers_cleanup.append(lambda lines: [line.replace('seven', '7') for line in lines])")
        self.assertEqual(self.ok("seven + 1"), "8")
        self.ok("ip.input_transformers_post.append(lambda lines: [line.replace('7', '70') for line in lines])")
        self.assertEqual(self.ok("seven"), "70")
        self.assertEqual(self.ok("ip.run_cell('se' + 'ven;').result, ip.transform_cell('se' + 'ven')"), r"(None, '70\n')")
        self.ok("ip.input_transformers_cleanup.clear(), ip.input_transformers_post.clear()")
        self.fails("seven", "NameError")

    def test_transformers_of_trees_have_their_effect(self) -> None:
        self.ok(
            "import ast\nclass Double(ast.NodeTransformer):\n    def visit_Constant(self, node):\n        return ast.Constant(node.value * 2)\n"
            "class Broken(ast.NodeTransformer):\n    def visit_Name(self, node): raise RuntimeError('no')\n"
            "double, trees = Double(), get_ipython().ast_transformers\nx = 1\ntrees.append(double)"
        )
        self.assertEqual(self.ok("21"), "42")
        self.ok("trees.remove(double); trees.append(Broken())")
        self.ok("x")
        self.assertIn("It will be unregistered", self.printed("stderr"))
        self.assertEqual(self.ok("trees"), "[]")

    def test_a_transformer_can_refuse_a_cell(self) -> None:
        self.ok(
            "import ast\nfrom deno_kernel.ipython.errors import InputRejected\n"
            "class No(ast.NodeTransformer):\n    def visit_Constant(self, node): raise InputRejected('not this')\n"
            "get_ipython().ast_transformers.append(No())"
        )
        self.fails("5", "InputRejected")
        self.ok("get_ipython().ast_transformers.clear()")
        self.assertEqual(self.ok("5"), "5")

    def test_autocall(self) -> None:
        self.ok("def f(*args): return args\nn = 5\n%autocall 1")
        self.assertEqual(self.ok("f 1, 2"), "(1, 2)")
        self.assertEqual(self.ok("n"), "5")
        self.assertEqual(self.ok("n - 1"), "4")
        self.assertEqual(self.ok("f == 1"), "False")
        self.ok("%autocall 2")
        self.assertEqual(self.ok("f"), "()")
        self.ok("%autocall 0")
        self.fails("f 1", "SyntaxError")

    def test_run_cell_with_history_is_a_cell_of_its_own(self) -> None:
        self.ok("ip = get_ipython()\nseen = []\nip.events.register('post_run_cell', seen.append)")
        self.ok("result = ip.run_cell('20 + 2', store_history=True)")
        number = self.ok("result.execution_count")
        self.assertEqual(self.ok(f"In[{number}], Out[{number}], _{number}"), "('20 + 2', 22, 22)")
        self.assertEqual(self.ok("seen[1] is result, ip.last_execution_result is result"), "(True, False)")
        self.assertEqual(self.ok("ip.run_cell('1/', store_history=True).error_before_exec is None"), "False")
        self.ok("ip.events.unregister('post_run_cell', seen.append)")

    def test_commands_see_the_local_names_of_the_caller(self) -> None:
        self.ok("ip = get_ipython()\ndef command(local): return ip.var_expand('echo {local} $local {other}')")
        self.ok("other = 5")
        self.assertEqual(self.ok("command(4)"), "'echo 4 4 5'")

    def test_a_handler_of_exceptions_that_fails_is_not_called_again(self) -> None:
        self.ok("ip = get_ipython()")
        for handler in ("lambda *given, **options: 1 / 0", "lambda *given, **options: 1"):
            self.ok(f"ip.set_custom_exc((ValueError,), {handler})")
            self.fails("raise ValueError('own')", "ValueError")
            self.assertEqual(self.ok("ip.custom_exceptions"), "()")

    def test_files(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            script = os.path.join(directory, "s.py")
            with open(script, "w") as file:
                file.write("made = 1\n1/0\n")
            magics = os.path.join(directory, "m.ipy")
            with open(magics, "w") as file:
                file.write("%env DK_SHELL=1\nalso = 2\n")
            self.ok(f"ip = get_ipython(); ip.safe_execfile({script!r}, ip.user_ns); made")
            self.assertEqual(self.events("execute_error")[0]["ename"], "ZeroDivisionError")
            self.fails(f"ip.safe_execfile({script!r}, ip.user_ns, raise_exceptions=True)", "ZeroDivisionError")
            self.assertEqual(self.ok(f"ip.safe_execfile_ipy({magics!r}); also"), "2")
            self.assertEqual(self.ok(f"%run {magics}\nalso"), "2")
            self.assertEqual(self.ok(f"ip.find_user_code({script!r})"), r"'made = 1\n1/0\n'")
            self.ok("ip.safe_execfile('/nope.py')")
            self.assertIn("Could not open file </nope.py>", self.printed("stderr"))
        self.fails("ip.find_user_code('nothing_of_that_name')", "ValueError")

    def test_history(self) -> None:
        self.ok("a = 1")
        self.ok("a + 1")
        self.ok("h = get_ipython().history_manager")
        self.assertEqual(self.ok("list(h.get_range(output=True))[:2]"), "[(1, 1, ('a = 1', None)), (1, 2, ('a + 1', '2'))]")
        self.assertEqual(self.ok("h.get_tail(1), h.input_hist_raw[1], h.output_hist[2], h.output_hist_reprs[2]"), "([(1, 4, 'list(h.get_range(output=True))[:2]')], 'a = 1', 2, '2')")
        self.assertEqual(self.ok("[text for _, _, text in h.get_range_by_str('1-2')]"), "['a = 1', 'a + 1']")
        self.assertEqual(self.ok("get_ipython().extract_input_lines('1 2')"), r"'a = 1\na + 1'")

    def test_a_value_that_a_semicolon_hides_is_not_kept(self) -> None:
        self.ok("import weakref\nclass A: pass\ndef make():\n    a = A()\n    kept.append(weakref.ref(a))\n    return a\nkept = []\nmake();")
        self.assertEqual(self.ok("kept[0]() is None"), "True")

    def test_the_last_result(self) -> None:
        self.ok("1 + 1")
        self.assertEqual(self.ok("r = get_ipython().last_execution_result; r.result, r.success, r.execution_count, r.info.raw_cell"), "(2, True, 1, '1 + 1')")
        self.assertIsNone(self.ok("import weakref\nclass Task: pass\nkept = Task(); known = weakref.ref(kept)\n(lambda task: task)(globals().pop('kept'));"))
        self.assertEqual(self.ok("known()"), None, "a value that a semicolon hides is not kept")
        self.fails("1/0", "ZeroDivisionError")
        self.assertEqual(self.ok("get_ipython().last_execution_succeeded, type(get_ipython().last_execution_result.error_in_exec)"), "(False, ZeroDivisionError)")


class Errors(KernelCase):
    def test_a_custom_handler_shows_its_exceptions(self) -> None:
        self.ok(
            "def show(shell, etype, value, tb, tb_offset=None):\n"
            "    print('mine:', etype.__name__, value, shell is get_ipython(), tb.tb_next.tb_frame.f_code.co_name)\n    return ['short']\n"
            "get_ipython().set_custom_exc((ZeroDivisionError,), show)"
        )
        self.clear()
        self.assertEqual(self.fails("1/0", "ZeroDivisionError")["traceback"], ["short"])
        self.assertEqual(self.printed(), "mine: ZeroDivisionError division by zero True <module>\n")
        self.assertEqual(self.events("execute_error"), [])
        self.fails("x", "NameError")
        self.assertEqual(len(self.events("execute_error")), 1)
        self.ok("get_ipython().set_custom_exc((), None)")
        self.assertIn("ZeroDivisionError", plain(self.fails("1/0", "ZeroDivisionError")["traceback"]))

    def test_a_broken_handler_is_reported_and_the_error_is_shown(self) -> None:
        self.ok("def show(*info, **more): raise RuntimeError('broken')\nget_ipython().set_custom_exc((ZeroDivisionError,), show)")
        self.assertIn("division", plain(self.fails("1/0", "ZeroDivisionError")["traceback"]))
        self.assertIn("broken", self.printed("stderr"))

    def test_methods_that_the_user_replaces_show_errors(self) -> None:
        self.ok(
            "import sys\nip = get_ipython()\ndef brief(*a, running_compiled_code=False, **k):\n"
            "    kind, value, tb = sys.exc_info()\n    return ip._showtraceback(kind, value, ip.InteractiveTB.get_exception_only(kind, value))\n"
            "ip.showtraceback = brief"
        )
        self.clear()
        self.assertEqual(plain(self.fails("1/0", "ZeroDivisionError")["traceback"]), "ZeroDivisionError: division by zero")
        self.assertEqual(plain(self.events("execute_error")[0]["traceback"]), "ZeroDivisionError: division by zero")
        self.assertIn("invalid syntax", plain(self.fails("1 1", "SyntaxError")["traceback"]))
        self.ok("del ip.showtraceback\nshown = []\nip._showtraceback = lambda kind, value, parts: shown.append(value)")
        self.clear()
        self.fails("1/0", "ZeroDivisionError")
        self.assertEqual(self.events("execute_error"), [])
        self.assertEqual(self.ok("del ip._showtraceback\nshown"), "[ZeroDivisionError('division by zero')]")

    def test_no_colours(self) -> None:
        self.ok("%colors NoColor")
        self.assertNotIn("\x1b", "".join(self.fails("1/0", "ZeroDivisionError")["traceback"]))
        self.ok("%colors Linux")
        self.assertIn("\x1b", "".join(self.fails("1/0", "ZeroDivisionError")["traceback"]))
        self.fails("%colors pink", "UsageError")


class Others(KernelCase):
    def test_aliases(self) -> None:
        self.ok("m = get_ipython().alias_manager; m.define_alias('hi', 'echo %s')")
        self.assertEqual(self.ok("m.aliases, m.is_alias('hi'), m.retrieve_alias('hi')"), "([('hi', 'echo %s')], True, 'echo %s')")
        self.assertIn("no processes", self.fails("%hi there", "UsageError")["evalue"])
        self.fails("m.define_alias('who', 'x')", "InvalidAliasError")
        self.ok("m.undefine_alias('hi')")
        self.fails("%hi", "UsageError")

    def test_hooks(self) -> None:
        self.fails("get_ipython().set_hook('editor', print)", "ValueError")
        self.ok("get_ipython().set_hook('complete_command', lambda self, event: ['apple', 'pear'], str_key='%fruit')")
        self.assertEqual(self.call("complete", code="%fruit ap", cursorPos=9)["matches"], ["apple"])
        self.ok("get_ipython().set_custom_completer(lambda self, text: ['zebra'])")
        self.assertIn("zebra", self.call("complete", code="ze", cursorPos=2)["matches"])

    def test_events(self) -> None:
        self.ok("seen = []\nget_ipython().events.register('pre_run_cell', lambda info: seen.append(info.raw_cell))")
        self.ok("2")
        self.assertEqual(self.ok("seen"), "['2', 'seen']")
        self.fails("get_ipython().events.register('nope', print)", "KeyError")

    def test_displays_pass_through_hooks(self) -> None:
        self.ok("pub = get_ipython().display_pub\ndef hook(message):\n    message['content']['data']['text/plain'] += '!'\n    return message\npub.register_hook(hook)")
        self.ok("display(5)")
        self.assertEqual(self.events("display_data")[-1]["data"], {"text/plain": "5!"})
        self.ok("pub.unregister_hook(hook); pub.register_hook(lambda message: None)")
        self.clear()
        self.ok("display(5)")
        self.assertEqual(self.events("display_data"), [])
