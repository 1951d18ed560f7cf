from __future__ import annotations

import unittest

from deno_code_interpreter import CodeInterpreter, RequestError
from deno_code_interpreter.langchain_sandbox import CodeExecutionResult, PyodideSandbox, SyncPyodideSandbox

from .support import server_url


class CodeExecutionResultTest(unittest.TestCase):
    def test_of_has_the_value_of_literals_and_the_text_of_other_values(self) -> None:
        with CodeInterpreter(server_url()) as interpreter:

            def result(code: str) -> CodeExecutionResult:
                return CodeExecutionResult.of(interpreter.run(code), 1.5)

            value = result("print('out')\n[1, 'a', None]")
            self.assertEqual((value.status, value.result, value.stdout), ("success", [1, "a", None], "out\n"))
            self.assertEqual((value.stderr, value.execution_time, value.session_bytes), (None, 1.5, None))
            self.assertEqual(result("object").result, "object")
            self.assertEqual(result("'(' * 3").result, "(((")
            self.assertIsNone(result("x = 1").result)
            failed = result("import sys\nprint('err', file=sys.stderr)\n1 / 0")
            self.assertEqual((failed.status, failed.result, failed.stdout), ("error", None, None))
            self.assertRegex(failed.stderr or "", r"(?s)^err\n.*ZeroDivisionError: division by zero")


class PyodideSandboxTest(unittest.IsolatedAsyncioTestCase):
    async def test_execute_goes_on_with_a_session_when_it_is_stateful(self) -> None:
        async with PyodideSandbox(stateful=True, allow_net=False, url=server_url()) as sandbox:
            first = await sandbox.execute("x = [1, 2]")
            second = await sandbox.execute(
                "len(x)", session_bytes=first.session_bytes, session_metadata=first.session_metadata
            )
            self.assertEqual((second.result, second.session_bytes), (2, first.session_bytes))
            other = await sandbox.execute("x")
            self.assertIn("NameError", other.stderr or "")
            self.assertNotEqual(other.session_bytes, first.session_bytes)
        with self.assertRaises(RequestError):
            CodeInterpreter(server_url(), kernel_id=(first.session_bytes or b"").decode()).status()


class SyncPyodideSandboxTest(unittest.TestCase):
    def test_execute_says_that_the_time_was_up(self) -> None:
        sandbox = SyncPyodideSandbox(url=server_url())
        result = sandbox.execute("print(1)\nwhile True: pass", timeout_seconds=0.5, memory_limit_mb=256)
        self.assertEqual((result.status, result.stdout), ("error", "1\n"))
        self.assertEqual(result.stderr, "Execution timed out after 0.5 seconds")
        self.assertIsNone(result.session_bytes)
