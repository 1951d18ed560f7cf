from __future__ import annotations

import json
import os
import random
import sys
import tempfile

from deno_kernel import __version__
from deno_kernel.entry.calls import answer

from .support import KernelCase


class Calls(KernelCase):
    def test_info(self) -> None:
        info = self.call("info")
        self.assertEqual((info["implementation"], info["implementationVersion"]), ("deno_kernel", __version__))
        self.assertIn("Python", info["banner"])
        language = info["languageInfo"]
        self.assertEqual(language["version"], ".".join(map(str, sys.version_info[:3])))
        self.assertEqual(
            {key: language[key] for key in ("name", "mimetype", "file_extension", "pygments_lexer", "nbconvert_exporter")},
            {"name": "python", "mimetype": "text/x-python", "file_extension": ".py", "pygments_lexer": "ipython3", "nbconvert_exporter": "python"},
        )
        self.assertEqual(language["codemirror_mode"], {"name": "ipython", "version": 3})

    def test_bad_calls_answer_errors(self) -> None:
        for method, args in [("nope", "{}"), ("info", "["), ("info", "[]"), ("complete", "{}"), ("inspect", '{"code": 5}'),
                             ("history", '{"accessType": "odd"}'), ("isComplete", "{}")]:  # fmt: skip
            with self.subTest(method=method, args=args):
                reply = json.loads(answer(self.kernel, method, args))
                self.assertTrue(reply["error"]["ename"])
                self.assertTrue(reply["error"]["evalue"])

    def test_empty_arguments(self) -> None:
        self.assertEqual(json.loads(answer(self.kernel, "commInfo", "")), {"comms": {}})


class Configure(KernelCase):
    def test_environment_and_directory(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            self.assertEqual(self.call("configure", kernelId="k1", env={"DK_A": "1", "DK_B": 2, "HOME": None}, cwd=directory), {})
            self.assertEqual(self.ok("import os; os.environ['DK_A'], os.environ['DK_B'], 'HOME' in os.environ"), "('1', '2', False)")
            self.assertEqual(os.path.realpath(os.getcwd()), os.path.realpath(directory))
            self.assertEqual(self.kernel.id, "k1")
            os.chdir("/")

    def test_missing_directory_is_an_error(self) -> None:
        self.assertEqual(self.call("configure", kernelId="k", env={}, cwd="/nonexistent/x")["error"]["ename"], "FileNotFoundError")

    def test_fresh_entropy(self) -> None:
        import uuid

        random.seed(1)
        first = random.random()
        uuid._last_timestamp = 5  # type: ignore[attr-defined]
        tempfile._get_candidate_names()  # type: ignore[attr-defined]
        random.seed(1)
        self.call("configure", kernelId="k", env={})
        self.assertNotEqual(random.random(), first)
        self.assertIsNone(uuid._last_timestamp)  # type: ignore[attr-defined]
        self.assertIsNone(tempfile._name_sequence)  # type: ignore[attr-defined]


class HistoryRequests(KernelCase):
    def setUp(self) -> None:
        super().setUp()
        for code in ["a = 1", "a + 1", "%pwd", "a + 1", "print('x')"]:
            self.run_cell(code)

    def history(self, **args: object) -> list:
        return self.call("history", **args)["history"]

    def test_range(self) -> None:
        self.assertEqual(self.history(accessType="range", start=1, stop=3), [[1, 1, "a = 1"], [1, 2, "a + 1"]])
        self.assertEqual(len(self.history(accessType="range")), 5)
        self.assertEqual(self.history(accessType="range", session=-1), [])
        self.assertEqual(self.history(accessType="range", session=7, start=1), [])

    def test_outputs(self) -> None:
        self.assertEqual(self.history(accessType="range", start=1, stop=3, output=True), [[1, 1, ["a = 1", None]], [1, 2, ["a + 1", "2"]]])

    def test_raw_or_transformed(self) -> None:
        self.assertEqual(self.history(accessType="range", start=3, stop=4, raw=True), [[1, 3, "%pwd"]])
        self.assertEqual(self.history(accessType="range", start=3, stop=4, raw=False), [[1, 3, "get_ipython().run_line_magic('pwd', '')"]])

    def test_tail(self) -> None:
        self.assertEqual([row[1] for row in self.history(accessType="tail", n=2)], [4, 5])
        self.assertEqual(self.history(accessType="tail", n=0), [])
        self.assertEqual(len(self.history(accessType="tail", n=99)), 5)

    def test_search(self) -> None:
        self.assertEqual([row[1] for row in self.history(accessType="search", pattern="a*")], [1, 2, 4])
        self.assertEqual([row[1] for row in self.history(accessType="search", pattern="a*", unique=True)], [1, 4])
        self.assertEqual([row[1] for row in self.history(accessType="search", pattern="a*", n=1)], [4])
        self.assertEqual(self.history(accessType="search", pattern="A*"), [])
        self.assertEqual([row[1] for row in self.history(accessType="search", pattern="*'x'*")], [5])

    def test_reset_keeps_the_history(self) -> None:
        self.run_cell("%reset -f")
        self.assertEqual(len(self.history(accessType="tail")), 6)
