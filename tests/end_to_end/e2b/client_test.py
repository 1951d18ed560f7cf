"""E2B's Python client, both forms of it, against a server: arguments are the URL of its `/e2b` and a token."""

from __future__ import annotations

import asyncio
import sys
import unittest
import urllib.request
from typing import Any

from e2b import (
    AuthenticationException,
    CommandExitException,
    FileNotFoundException,
    SandboxException,
    TimeoutException,
)
from e2b_code_interpreter import AsyncSandbox, Sandbox

OPTIONS: dict[str, Any] = {}


class Sync(unittest.TestCase):
    sandbox: Sandbox

    @classmethod
    def setUpClass(cls) -> None:
        cls.sandbox = Sandbox.create(metadata={"owner": "sync one"}, envs={"NAME": "value"}, **OPTIONS)

    @classmethod
    def tearDownClass(cls) -> None:
        assert cls.sandbox.kill()
        assert not cls.sandbox.is_running()
        for call in (lambda: cls.sandbox.run_code("1"), lambda: cls.sandbox.commands.run("ls")):
            with cls().assertRaises(TimeoutException):
                call()

    def test_code(self) -> None:
        lines: list[str] = []
        code = "import os, sys\nprint('é')\nprint('e', file=sys.stderr)\nx = 2\nos.environ['NAME']"
        execution = self.sandbox.run_code(code, on_stdout=lambda line: lines.append(line.line))
        self.assertEqual((execution.text, execution.error), ("value", None))
        self.assertEqual((execution.logs.stdout, execution.logs.stderr), (["é\n"], ["e\n"]))
        self.assertEqual(lines, ["é\n"])
        self.assertEqual(self.sandbox.run_code("x + 1").text, "3")

    def test_error(self) -> None:
        error = self.sandbox.run_code("1 / 0").error
        assert error
        self.assertEqual((error.name, error.value), ("ZeroDivisionError", "division by zero"))
        self.assertIn("1 / 0", error.traceback)

    def test_results(self) -> None:
        code = "from IPython.display import HTML, display\ndisplay(HTML('<b>'))\n{'a': [1, None]}"
        shown, main = self.sandbox.run_code(code).results
        self.assertEqual((shown.html, shown.is_main_result), ("<b>", False))
        self.assertEqual((main.json, main.is_main_result), ({"a": [1, None]}, True))

    def test_env_vars_are_those_of_one_execution(self) -> None:
        code = "import os\nos.environ.get('EXTRA'), os.environ['NAME']"
        self.assertEqual(self.sandbox.run_code(code, envs={"EXTRA": "é'", "NAME": "b"}).text, "(\"é'\", 'b')")
        self.assertEqual(self.sandbox.run_code(code).text, "(None, 'value')")

    def test_languages(self) -> None:
        for language in ("javascript", "typescript"):
            execution = self.sandbox.run_code("let n = 6; n * 7", language=language)
            self.assertEqual((execution.text, execution.error), ("42", None))
        self.sandbox.run_code("n=6", language="bash")
        self.assertEqual(self.sandbox.run_code("echo $((n * 7))", language="bash").logs.stdout, ["42\n"])
        with self.assertRaises(SandboxException):
            self.sandbox.run_code("1", language="cobol")

    def test_contexts(self) -> None:
        context = self.sandbox.create_code_context(cwd="/home/user/project")
        self.assertEqual((context.language, context.cwd), ("python", "/home/user/project"))
        self.assertEqual(self.sandbox.run_code("y = 1\nimport os\nos.getcwd()", context=context).text, context.cwd)
        name_error = self.sandbox.run_code("y").error
        assert name_error
        self.assertEqual(name_error.name, "NameError")
        self.assertIn(context.id, [it.id for it in self.sandbox.list_code_contexts()])
        self.sandbox.restart_code_context(context)
        self.assertEqual(self.sandbox.run_code("'y' in globals()", context=context).text, "False")
        self.sandbox.remove_code_context(context)
        self.assertNotIn(context.id, [it.id for it in self.sandbox.list_code_contexts()])

    def test_contexts_and_languages_share_the_home_directory(self) -> None:
        self.sandbox.run_code("open('shared.txt', 'w').write('by python')")
        other = self.sandbox.create_code_context()
        self.assertEqual(self.sandbox.run_code("open('shared.txt').read()", context=other).text, "by python")
        script = "const text: string = Deno.readTextFileSync('shared.txt'); text"
        self.assertEqual(self.sandbox.run_code(script, language="typescript").text, "by python")
        shell = self.sandbox.run_code("cat shared.txt; echo by bash > shared.txt", language="bash")
        self.assertIsNone(shell.error)
        self.assertEqual("".join(shell.logs.stdout), "by python")
        self.assertEqual(self.sandbox.files.read("shared.txt"), "by bash\n")
        self.sandbox.files.write("modules/helper.py", "value = 7")
        code = "import sys; sys.path.append('modules')\nimport helper\nhelper.value"
        self.assertEqual(self.sandbox.run_code(code, context=other).text, "7")
        self.sandbox.remove_code_context(other)
        self.assertTrue(self.sandbox.files.exists("shared.txt"))

    def test_time_limit_interrupts_and_keeps_the_state(self) -> None:
        self.sandbox.run_code("kept = 5")
        with self.assertRaises(TimeoutException):
            self.sandbox.run_code("while True: pass", timeout=1)
        self.assertEqual(self.sandbox.run_code("kept").text, "5")

    def test_files(self) -> None:
        files = self.sandbox.files
        info = files.write("notes/a.txt", "hello")
        self.assertEqual((info.name, info.path), ("a.txt", "/home/user/notes/a.txt"))
        self.assertEqual(self.sandbox.run_code("open('notes/a.txt').read()").text, "hello")
        self.assertEqual(files.read("notes/a.txt"), "hello")
        files.write("bytes.bin", bytes(range(256)))
        self.assertEqual(bytes(files.read("bytes.bin", format="bytes")), bytes(range(256)))
        files.write_files([{"path": "m/1.txt", "data": "1"}, {"path": "m/2.txt", "data": b"2"}])
        self.assertEqual([it.name for it in files.list("m")], ["1.txt", "2.txt"])
        self.assertEqual(sorted(it.path for it in files.list(".", depth=2) if "/m/" in it.path)[0], "/home/user/m/1.txt")
        self.assertEqual((files.exists("m/1.txt"), files.exists("m/3.txt")), (True, False))
        self.assertEqual((files.make_dir("new/dir"), files.make_dir("new/dir")), (True, False))
        self.assertEqual(files.rename("m/1.txt", "m/2.txt").path, "/home/user/m/2.txt")
        self.assertEqual(files.read("m/2.txt"), "1")
        self.assertEqual(files.get_info("m").type.value, "dir")
        files.remove("m")
        files.remove("m")
        for call in (files.read, files.list, files.get_info):
            with self.assertRaises(FileNotFoundException):
                call("m")
        with self.assertRaises(FileNotFoundException):
            files.rename("m", "n")

    def test_watch(self) -> None:
        self.sandbox.files.make_dir("watched")
        watcher = self.sandbox.files.watch_dir("watched")
        self.sandbox.files.write("watched/a", "1")
        self.assertEqual(
            [(it.name, it.type.value) for it in watcher.get_new_events()], [("a", "create"), ("a", "write")]
        )
        watcher.stop()

    def test_commands(self) -> None:
        commands, files = self.sandbox.commands, self.sandbox.files
        files.write("words.txt", "b\na\n")
        sorted_words = commands.run("sort words.txt; echo $NAME$EXTRA >&2", envs={"EXTRA": "é"})
        self.assertEqual((sorted_words.stdout, sorted_words.stderr, sorted_words.exit_code), ("a\nb\n", "valueé\n", 0))
        commands.run("echo made > made.txt", cwd="/tmp")
        self.assertEqual(self.sandbox.run_code("open('/tmp/made.txt').read()").text, r"made\n")
        with self.assertRaises(CommandExitException) as raised:
            commands.run("cat nothing; exit 3")
        self.assertEqual(raised.exception.exit_code, 3)
        with self.assertRaisesRegex(SandboxException, "cwd '/nothing' does not exist"):
            commands.run("ls", cwd="/nothing")
        handle = commands.run("sleep 60", background=True)
        self.assertIn(handle.pid, [it.pid for it in commands.list()])
        self.assertTrue(handle.kill())
        with self.assertRaises(CommandExitException):
            handle.wait()
        self.assertFalse(commands.kill(handle.pid))

    def test_commands_stream_their_output_and_take_input(self) -> None:
        commands, files = self.sandbox.commands, self.sandbox.files
        files.write("go", "")

        def hear(text: str) -> None:
            heard.append(text.strip())
            if text.strip() == "one":  # The command goes on only when it was heard.
                files.write("went", "")

        heard: list[str] = []
        line = "echo one; until [ -e went ]; do sleep 0.05; done; echo two"
        result = commands.run(line, on_stdout=hear)
        self.assertEqual((heard, result.stdout), (["one", "two"], "one\ntwo\n"))

        handle = commands.run("sort; python3 -c 'print(6 * 7)'", background=True, stdin=True)
        commands.send_stdin(handle.pid, "b\n")
        handle.send_stdin("ä\na\n")
        again = commands.connect(handle.pid)
        handle.close_stdin()
        self.assertEqual(handle.wait().stdout, "a\nb\nä\n42\n")
        self.assertEqual(again.wait().exit_code, 0)
        with self.assertRaises(SandboxException):
            commands.send_stdin(handle.pid, "late")

        waiting = commands.run("cat", background=True, stdin=True)
        self.assertTrue(waiting.kill())
        with self.assertRaises(CommandExitException):
            waiting.wait()

    def test_files_go_by_signed_urls(self) -> None:
        url = self.sandbox.upload_url("by url.txt", use_signature_expiration=60)
        body = b'--x\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\nplain\r\n--x--\r\n'
        headers = {"Content-Type": "multipart/form-data; boundary=x"}
        with urllib.request.urlopen(urllib.request.Request(url, body, headers)) as answer:
            self.assertEqual(answer.status, 200)
        with urllib.request.urlopen(self.sandbox.download_url("by url.txt")) as answer:
            self.assertEqual(answer.read(), b"plain")

    def test_control(self) -> None:
        sandbox_id = self.sandbox.sandbox_id
        page = Sandbox.list(query=None, **OPTIONS).next_items()
        mine = next(it for it in page if it.sandbox_id == sandbox_id)
        self.assertEqual(mine.metadata, {"owner": "sync one"})
        before = self.sandbox.get_info().end_at
        self.sandbox.set_timeout(3_000)
        self.assertGreater(self.sandbox.get_info().end_at, before)
        self.sandbox.run_code("shared = 7")
        self.assertEqual(Sandbox.connect(sandbox_id, **OPTIONS).run_code("shared").text, "7")
        with self.assertRaisesRegex(SandboxException, "does not pause"):
            self.sandbox.pause()

    def test_two_sandboxes_share_nothing(self) -> None:
        with Sandbox.create(**OPTIONS) as other:
            other.files.write("mine.txt", "1")
            other.run_code("secret = 1")
            self.assertFalse(self.sandbox.files.exists("mine.txt"))
            self.assertEqual(self.sandbox.run_code("'secret' in globals()").text, "False")

    def test_wrong_key(self) -> None:
        with self.assertRaises(AuthenticationException):
            Sandbox.create(**{**OPTIONS, "api_key": "wrong"})


class Async(unittest.IsolatedAsyncioTestCase):
    async def test_code_files_and_watch(self) -> None:
        async with await AsyncSandbox.create(**OPTIONS) as sandbox:
            execution = await sandbox.run_code("print(1)\n2")
            self.assertEqual((execution.text, execution.logs.stdout), ("2", ["1\n"]))
            context = await sandbox.create_code_context()
            self.assertEqual((await sandbox.run_code("3", context=context)).text, "3")
            changed = asyncio.Event()
            watcher = await sandbox.files.watch_dir(".", lambda event: changed.set())
            await sandbox.files.write("a.txt", "text")
            await asyncio.wait_for(changed.wait(), 30)
            await watcher.stop()
            self.assertEqual(await sandbox.files.read("a.txt"), "text")
            with self.assertRaises(TimeoutException):
                await sandbox.run_code("while True: pass", timeout=1)
            self.assertEqual((await sandbox.run_code("4")).text, "4")
            self.assertTrue(await sandbox.is_running())
            heard: list[str] = []
            handle = await sandbox.commands.run("cat; echo end", background=True, stdin=True, on_stdout=heard.append)
            self.assertIn(handle.pid, [it.pid for it in await sandbox.commands.list()])
            await handle.send_stdin("in\n")
            await handle.close_stdin()
            self.assertEqual((await handle.wait()).stdout, "in\nend\n")
            self.assertEqual("".join(heard), "in\nend\n")


if __name__ == "__main__":
    url, key = sys.argv[1:3]
    OPTIONS.update(api_url=url, sandbox_url=url, api_key=key)
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]])
