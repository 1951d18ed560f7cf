from __future__ import annotations

import base64
import socket
import tempfile
import threading
import unittest
from pathlib import Path

from deno_code_interpreter import CodeInterpreter, ConnectionLost, ExecutionError, Output, RequestError

from .support import CuttableConnection, server_url

PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


class CodeInterpreterTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.interpreter = CodeInterpreter(server_url())
        cls.addClassCleanup(cls.interpreter.close)

    def test_run_returns_what_the_code_wrote_showed_and_returned(self) -> None:
        execution = self.interpreter.run("import sys\nprint('out')\nprint('err', file=sys.stderr)\ndisplay(5)\n6 * 7")
        self.assertEqual((execution.status, execution.ok, execution.error), ("ok", True, None))
        self.assertEqual((execution.stdout, execution.stderr), ("out\n", "err\n"))
        self.assertEqual([it.text for it in execution.outputs], ["5", "42"])
        self.assertEqual(execution.text, "42")
        self.assertIs(execution.raise_for_error(), execution)

    def test_run_keeps_variables_and_reports_exceptions(self) -> None:
        self.interpreter.run("kept = 7")
        execution = self.interpreter.run("kept / 0")
        self.assertEqual((execution.status, execution.error_text), ("error", "ZeroDivisionError: division by zero"))
        with self.assertRaisesRegex(ExecutionError, "division by zero") as raised:
            execution.raise_for_error()
        self.assertIs(raised.exception.execution, execution)

    def test_run_calls_listeners_in_order_while_the_code_runs(self) -> None:
        seen: list[tuple[str, str]] = []
        self.interpreter.run(
            "import sys\nprint(1)\ndisplay(2)\nprint(3, file=sys.stderr)\nassert input('go? ') == 'yes'\n4",
            on_stdout=lambda text: seen.append(("out", text)),
            on_stderr=lambda text: seen.append(("err", text)),
            on_output=lambda output: seen.append(("show", output.text)),
            on_input=lambda prompt, password: seen.append(("ask", f"{prompt}{password}")) or "yes",
        ).raise_for_error()
        expected = [("out", "1"), ("show", "2"), ("err", "3"), ("ask", "go? False"), ("show", "4")]
        self.assertEqual([(kind, text.strip()) for kind, text in seen if text.strip()], expected)

    def test_run_answers_input_by_lines_and_ends_it(self) -> None:
        execution = self.interpreter.run("[input(), input()]\ninput()", stdin=["a", "b"])
        self.assertEqual(execution.error["ename"], "EOFError")
        execution = self.interpreter.run("input()", on_input=lambda prompt, password: None)
        self.assertEqual(execution.error["ename"], "EOFError")

    def test_run_interrupts_the_code_after_its_timeout(self) -> None:
        execution = self.interpreter.run("while True: pass", timeout=0.3)
        self.assertEqual(execution.status, "timeout")
        self.assertEqual(self.interpreter.run("1").text, "1")

    def test_run_interrupts_the_code_when_a_listener_raises(self) -> None:
        def refuse(text: str) -> None:
            raise KeyboardInterrupt

        with self.assertRaises(KeyboardInterrupt):
            self.interpreter.run("print(1)\nwhile True: pass", on_stdout=refuse)
        self.assertEqual(self.interpreter.run("1").text, "1")

    def test_interrupt_ends_the_running_code_from_another_thread(self) -> None:
        interrupting = threading.Thread(target=self.interpreter.interrupt)
        execution = self.interpreter.run("print(1)\nwhile True: pass", on_stdout=lambda text: start_once(interrupting))
        interrupting.join()
        self.assertEqual(execution.error["ename"], "KeyboardInterrupt")

    def test_restart_forgets_variables(self) -> None:
        self.interpreter.run("gone = 1")
        self.interpreter.restart()
        self.assertEqual(self.interpreter.run("gone").error["ename"], "NameError")

    def test_files_go_up_and_down(self) -> None:
        files = self.interpreter.files
        data = bytes(range(256)) * 300
        files.make_directory("some dir")
        files.write("some dir/ä&b.bin", data)
        self.assertEqual([(it["name"], it["size"]) for it in files.list("some dir")], [("ä&b.bin", len(data))])
        self.assertEqual(files.read("some dir/ä&b.bin"), data)
        with tempfile.TemporaryDirectory() as directory:
            local = files.download("some dir/ä&b.bin", Path(directory) / "copy.bin")
            self.assertEqual(local.read_bytes(), data)
            files.upload(local)
        files.rename("copy.bin", "moved.bin")
        self.assertEqual(self.interpreter.run("len(open('moved.bin', 'rb').read())").text, str(len(data)))
        files.remove("moved.bin")
        files.remove("some dir", recursive=True)
        with self.assertRaises(RequestError) as raised:
            files.read("moved.bin")
        self.assertEqual((raised.exception.status, raised.exception.code), (404, "not_found"))

    def test_outputs_have_their_forms_for_notebooks(self) -> None:
        code = f"import base64\ndisplay({{'image/png': '{PIXEL}', 'text/plain': 'dot'}}, raw=True)"
        execution = self.interpreter.run(code).raise_for_error()
        self.assertEqual(execution.outputs[0].png, base64.b64decode(PIXEL))
        self.assertEqual(execution._repr_mimebundle_()[0], {"image/png": PIXEL, "text/plain": "dot"})
        self.assertEqual(self.interpreter.run("print(1)")._repr_mimebundle_()[0], {"text/plain": "1\n"})
        self.assertIsNone(Output({"text/plain": "x"}).png)

    def test_packages_lists_what_is_installed(self) -> None:
        self.assertIsInstance(self.interpreter.packages(), dict)
        with self.assertRaises(RequestError) as raised:
            self.interpreter.install("")
        self.assertEqual((raised.exception.status, raised.exception.code), (400, "invalid_argument"))
        self.assertTrue(raised.exception.details)


class SessionTest(unittest.TestCase):
    def test_close_ends_its_own_kernel_and_leaves_another_alone(self) -> None:
        with CodeInterpreter(server_url(), env={"COLOUR": "green"}) as owner:
            with CodeInterpreter(server_url(), kernel_id=owner.kernel_id) as guest:
                guest.run("x = 1")
            self.assertEqual(owner.run("x").text, "1")
            self.assertEqual(owner.run("import os; os.environ['COLOUR']").text, "'green'")
            kernel_id = owner.kernel_id
        owner.close()
        with self.assertRaises(RequestError) as raised:
            CodeInterpreter(server_url(), kernel_id=kernel_id).run("1")
        self.assertEqual(raised.exception.status, 404)
        with self.assertRaisesRegex(ValueError, "closed"):
            owner.run("1")

    def test_run_goes_on_without_loss_when_its_connection_breaks(self) -> None:
        connection = CuttableConnection(server_url())
        self.addCleanup(connection.close)
        seen: list[str] = []
        with CodeInterpreter(connection.url) as interpreter:

            def cut(text: str) -> None:
                seen.append(text)
                if "one" in text:
                    connection.cut()

            code = "print('one')\ninput()\nprint('two')\n3"
            execution = interpreter.run(code, on_stdout=cut, on_input=lambda prompt, password: "")
            self.assertEqual((execution.stdout, execution.text), ("one\ntwo\n", "3"))
            self.assertEqual("".join(seen), "one\ntwo\n")

    def test_start_names_what_to_do_when_there_is_no_server(self) -> None:
        with socket.socket() as silent:
            silent.bind(("127.0.0.1", 0))  # It does not listen, so that connections are refused.
            url = f"http://127.0.0.1:{silent.getsockname()[1]}"
            with self.assertRaisesRegex(ConnectionLost, "DENO_CODE_INTERPRETER_URL"):
                CodeInterpreter(url).start()


def start_once(thread: threading.Thread) -> None:
    if thread.ident is None:
        thread.start()
