from __future__ import annotations

import os
import tempfile
import unittest
from contextlib import AbstractContextManager
from unittest.mock import patch

from deno_code_interpreter import coderunner, instavm

from .support import server_url


def client_variables() -> AbstractContextManager[object]:
    """Names the tests' server, as a user's variables do."""
    return patch.dict(os.environ, DENO_CODE_INTERPRETER_URL=server_url())


class CodeRunnerTest(unittest.TestCase):
    def test_execute_keeps_a_session_for_all_languages(self) -> None:
        with coderunner.CodeRunner(base_url=server_url()) as runner:
            self.assertFalse(runner.is_session_active())
            runner.execute("x = 5")
            self.assertEqual(runner.execute("print(x)")["stdout"], "5\n")
            self.assertEqual(runner.execute("echo hi", language="bash")["stdout"], "hi\n")
            self.assertIn("ZeroDivisionError", runner.execute("1 / 0")["stderr"])
            self.assertTrue(runner.is_session_active())
            self.assertIn(runner.session_id, runner.list_sessions()["sessions"])
            self.assertEqual(runner.get_task_status(runner.execute_async("1"))["language"], "python")
            self.assertIn("python", runner.get_supported_languages()["languages"])
            self.assertIn("status", runner.get_health())
            with self.assertRaises(coderunner.ExecutionError):
                runner.execute("1", language="cobol")
        self.assertIsNone(runner.session_id)


class InstaVmTest(unittest.TestCase):
    def test_tasks_end_with_their_output(self) -> None:
        with instavm.InstaVM(base_url=server_url()) as client:
            task = client.execute_async("print(100**2)")
            self.assertEqual(client.get_task_result(task["task_id"], poll_interval=0.05)["stdout"], "10000\n")
            slow = client.execute_async("while True: pass", timeout=30)
            with self.assertRaises(TimeoutError):
                client.get_task_result(slow["task_id"], poll_interval=0.05, timeout=0.2)
            self.assertEqual(client.get_session_info()["status"], "active")
            with self.assertRaises(instavm.ExecutionError):
                client.get_task_result("nope")
        self.assertFalse(client.is_session_active())
        with self.assertRaises(instavm.SessionError):
            client.execute("1")


    def test_files_and_settings_are_those_of_the_session(self) -> None:
        client = instavm.InstaVM(
            base_url=server_url(), memory_mb=1024, cpu_count=2, env={"APP_ENV": "dev"}, metadata={"team": "a"}
        )
        self.addCleanup(client.close_session)
        self.assertEqual(client.execute("import os\nprint(os.environ['APP_ENV'])")["stdout"], "dev\n")
        with tempfile.TemporaryDirectory() as directory:
            content = bytes(range(256)) * 100
            script, copy = os.path.join(directory, 'a "é".bin'), os.path.join(directory, "copy")
            with open(script, "wb") as file:
                file.write(content)
            self.assertEqual(client.upload_file(script, "/app/deep/a.bin")["size"], len(content))
            self.assertEqual(client.execute("wc -c < deep/a.bin", language="bash")["stdout"].strip(), "25600")
            self.assertEqual(client.download_file("deep/a.bin")["content"], content)
            self.assertEqual(client.download_file("deep/a.bin", copy)["local_path"], copy)
            with self.assertRaises(instavm.InstaVMError):
                client.upload_file(os.path.join(directory, "nowhere"), "a")
        with self.assertRaises(instavm.InstaVMError):
            client.download_file("nowhere")
        heard: list[str] = []
        self.assertEqual(list(client.execute_streaming("print('é')", heard.append)), ["é\n"])
        self.assertEqual(heard, ["é\n"])
        self.assertEqual(client.get_session_status()["metadata"], {"team": "a"})
        self.assertGreaterEqual(client.get_usage()["commands"], 2)
        client.kill()
        self.assertFalse(client.is_session_active())


class ReadmeOfCodeRunnerTest(unittest.TestCase):
    """CodeRunner's own examples, of which only the import is another."""

    def test_the_local_examples_run(self) -> None:
        with client_variables():
            CodeRunner = coderunner.CodeRunner  # from coderunner import CodeRunner
            runner = CodeRunner()
            self.addCleanup(runner.cleanup)
            result = runner.execute("print('Hello World!')")
            self.assertEqual(result["stdout"], "Hello World!\n")
            result = runner.execute("echo 'Hello Bash!'", language="bash")
            self.assertEqual(result["stdout"], "Hello Bash!\n")

            with CodeRunner() as runner:
                runner.execute("x = 5")
                result = runner.execute("print(x)")
                self.assertEqual(result["stdout"], "5\n")

    def test_the_example_of_the_cloud_runs(self) -> None:
        with client_variables():
            CodeRunner = instavm.InstaVM  # from coderunner.cloud import InstaVM as CodeRunner
            runner = CodeRunner(api_key="your-key")
            self.addCleanup(runner.close_session)
            result = runner.execute("print('Hello Cloud!')")
            self.assertEqual(result["stdout"], "Hello Cloud!\n")
