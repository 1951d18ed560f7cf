"""InstaVM's Python client against a server: arguments are the URL of the server and a token."""

from __future__ import annotations

import sys
import tempfile
import unittest
import warnings
from pathlib import Path
from typing import Any, Callable

from instavm import AuthenticationError, ExecutionError, InstaVM, NetworkError
from instavm.exceptions import BrowserError, InstaVMError, UnsupportedOperationError
from instavm.integrations.openai import execute_tool, get_tools

URL = ""
TOKEN = ""


def connect(**options: Any) -> InstaVM:
    return InstaVM(api_key=TOKEN, base_url=URL, **options)


class Sessions(unittest.TestCase):
    client: InstaVM

    @classmethod
    def setUpClass(cls) -> None:
        options = {"cpu_count": 2, "memory_mb": 1024, "env": {"APP_ENV": "dev", "N": 1}}
        cls.client = connect(metadata={"team": "platform"}, **options)

    @classmethod
    def tearDownClass(cls) -> None:
        assert cls.client.is_session_active()
        session = cls.client.session_id
        cls.client.kill()
        assert cls.client.session_id is None
        assert not connect(auto_start_session=False).is_session_active()
        with cls().assertRaises(ExecutionError):
            cls.client.session_id = session
            cls.client.execute("1")

    def test_execute(self) -> None:
        result = self.client.execute("import os\nx = 5\nprint('session', os.environ['APP_ENV'], os.environ['N'])")
        self.assertEqual((result["stdout"], result["stderr"]), ("session dev 1\n", ""))
        self.assertGreaterEqual(result["execution_time"], 0)
        self.assertEqual(self.client.execute("x * 2")["stdout"], "10\n")
        self.assertIn("ZeroDivisionError", self.client.execute("1 / 0")["stderr"])
        self.assertEqual(self.client.execute("echo $APP_ENV", language="bash")["stdout"], "dev\n")
        with self.assertRaises(ExecutionError):
            self.client.execute("1", language="cobol")

    def test_streaming(self) -> None:
        heard: list[str] = []
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            self.assertEqual(list(self.client.execute_streaming("print('é')", heard.append)), ["é\n"])
        self.assertEqual(heard, ["é\n"])

    def test_tasks(self) -> None:
        task = self.client.execute_async("sleep 0.1 && echo 'done'", language="bash")
        result = self.client.get_task_result(task["task_id"], poll_interval=0.1, timeout=300)
        self.assertEqual((result["stdout"], result["stderr"]), ("done\n", ""))
        self.assertGreaterEqual(result["execution_time"], 0.1)
        endless = self.client.execute_async("while True: pass", timeout=2)
        with self.assertRaises(TimeoutError):
            self.client.get_task_result(endless["task_id"], poll_interval=0.05, timeout=0.2)
        ended = self.client.get_task_result(endless["task_id"], poll_interval=0.1, timeout=300)
        self.assertIn("time was over", ended["stderr"])

    def test_files(self) -> None:
        with tempfile.TemporaryDirectory() as name:
            directory = Path(name)
            script = directory / "local_script.py"
            script.write_text("print(6 * 7)\n")
            self.client.upload_file(str(script), "/app/local_script.py")
            run = self.client.execute("python /app/local_script.py", language="bash")
            self.assertEqual((run["stdout"], run["stderr"]), ("42\n", ""))
            self.client.execute("import json\nopen('output.json', 'w').write(json.dumps({'a': 1}))")
            saved = self.client.download_file("output.json", local_path=str(directory / "output.json"))
            self.assertEqual((directory / "output.json").read_text(), '{"a": 1}')
            self.assertEqual(saved["size"], 8)
            content = bytes(range(256)) * 4096
            (directory / "é.bin").write_bytes(content)
            self.client.upload_file(str(directory / "é.bin"), "/app/deep/er/", recursive=True)
            self.assertEqual(self.client.download_file("deep/er/é.bin")["content"], content)
            (directory / "empty").write_bytes(b"")
            self.client.upload_file(str(directory / "empty"), "empty")
            self.assertEqual(self.client.download_file("empty")["content"], b"")
            with self.assertRaisesRegex(InstaVMError, "404"):
                self.client.download_file("nowhere")
            with self.assertRaisesRegex(InstaVMError, "not found"):
                self.client.upload_file(str(directory / "nowhere"), "a")

    def test_records(self) -> None:
        session = self.client.session_id
        for record in (self.client.get_session_info(), self.client.get_session_status()):
            self.assertEqual((record["session_id"], record["vm_status"]), (session, "active"))
        self.assertEqual(record["metadata"], {"team": "platform"})
        self.assertGreaterEqual(self.client.get_usage()["cpu_time"], 0)
        found = self.client.list_sandboxes(metadata={"team": "platform"}, limit=50)
        self.assertEqual([it["session_id"] for it in found], [session])
        self.assertEqual(self.client.list_sandboxes(metadata={"team": "other"}), [])
        self.assertEqual(self.client.get_current_user()["id"], "administrator")
        self.assertEqual(self.client.list_ssh_keys(), [])

    def test_machines(self) -> None:
        client = connect(auto_start_session=False)
        machine = client.vms.create(wait=True, metadata={"purpose": "dev"})
        self.assertIn(machine["vm_id"], [it["vm_id"] for it in client.vms.list()])
        self.assertIn(machine["vm_id"], [it["vm_id"] for it in client.vms.list_all_records()])
        self.assertEqual(client.vms.get(machine["vm_id"])["metadata"], {"purpose": "dev"})
        client.session_id = machine["session_id"]
        self.assertEqual(client.execute("1 + 1")["stdout"], "2\n")
        client.vms.delete(machine["vm_id"])
        self.assertFalse(client.is_session_active())
        with self.assertRaisesRegex(NetworkError, "501.*\n.*volumes"):
            client.vms.create(volumes=[{"volume_id": "vol_abc", "mount_path": "/data"}])

    def test_tools(self) -> None:
        self.assertIn("execute_python_code", [it["function"]["name"] for it in get_tools()])

        class Call:
            class function:
                name = "execute_python_code"
                arguments = '{"code": "print(6 * 7)"}'

        self.assertEqual(execute_tool(self.client, Call)["output"]["stdout"], "42\n")


class Refusals(unittest.TestCase):
    def test_a_wrong_key(self) -> None:
        with self.assertRaises(AuthenticationError):
            InstaVM(api_key="not the token", base_url=URL)
        with self.assertRaises(AuthenticationError):
            InstaVM(api_key="not the token", base_url=URL, auto_start_session=False).get_current_user()

    def test_what_is_not_here_says_why(self) -> None:
        client = connect(auto_start_session=False)
        missing: dict[str, Callable[[], Any]] = {
            "no browser": lambda: client.create_browser_session(),
            "server drives no browser": lambda: client.browser_navigate("http://localhost", "s"),
            "no screen": lambda: client.computer_use.viewer_url("s"),
            "screen to record": lambda: client.recordings.list(),
            "state of a session": lambda: client.snapshots.list(),
            "cannot be kept": lambda: client.vms.suspend("vm"),
            "files end with it": lambda: client.vms.clone("vm"),
            "not recorded": lambda: client.tapes.list(),
            "MOUNT_ROOTS": lambda: client.volumes.list(),
            "KERNEL_ALLOW_NET": lambda: client.get_session_egress("s"),
            "listens at a port": lambda: client.shares.create(port=80),
            "that others reach": lambda: client.get_session_app_url("s"),
            "keeps no secrets": lambda: client.list_vaults(),
            "by SSH": lambda: client.add_ssh_key("ssh-ed25519 AAAA"),
            "start-server.sh token": lambda: client.api_keys.list(),
            "keeps no audit": lambda: client.audit.catalog(),
            "calls nobody": lambda: client.webhooks.list_endpoints(),
            "costs nothing": lambda: client.credits.rates(),
            "no accounts": lambda: client.get_usage_breakdown(),
            "no terminal": lambda: client.pty.create("s"),
            "made, shown and ended": lambda: client.pty.create_for_vm("vm"),
            "variables and files": lambda: client.templates.get("slug", authenticated=True),
        }
        for reason, call in missing.items():
            with self.subTest(reason):
                with self.assertRaises((NetworkError, BrowserError)) as caught:
                    call()
                self.assertRegex(str(caught.exception), rf"501[\s\S]*not available here: .*{reason}")


class Local(unittest.TestCase):
    def test_a_server_without_accounts_is_used_as_the_local_one(self) -> None:
        client = InstaVM(api_key=TOKEN, local=True, local_url=URL)
        self.assertEqual(client.execute("print('hello')")["stdout"], "hello\n")
        with self.assertRaises(UnsupportedOperationError):
            client.upload_file("a", "b")


if __name__ == "__main__":
    URL, TOKEN = sys.argv[1:]
    unittest.main(argv=sys.argv[:1])
