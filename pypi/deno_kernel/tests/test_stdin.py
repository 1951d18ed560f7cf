from __future__ import annotations

from typing import Any

from .support import KernelCase


class AnsweredCase(KernelCase):
    """An `AnsweredCase` answers questions of the kernel with the values in `answers`."""

    def setUp(self) -> None:
        super().setUp()
        self.answers: list[Any] = []
        self.accepted: list[bool] = []

        def answer(event: dict[str, Any]) -> None:
            if event["type"] == "input_request" and self.answers:
                value = self.answers.pop(0)
                self.loop.call_soon(self.reply, event["requestId"], value)

        self.platform.on_event = answer

    def reply(self, request_id: str, value: Any) -> None:
        self.accepted.append(self.call("inputReply", requestId=request_id, value=value)["accepted"])


class Asking(AnsweredCase):
    def test_input(self) -> None:
        self.answers = ["Ann"]
        self.assertEqual(self.ok("input('Name? ')", allowStdin=True), "'Ann'")
        (request,) = self.events("input_request")
        self.assertEqual(
            request,
            {"type": "input_request", "executionId": "e1", "requestId": request["requestId"], "prompt": "Name? ", "password": False},
        )
        self.assertEqual(self.accepted, [True])

    def test_prompt_may_be_anything(self) -> None:
        self.answers = ["", ""]
        self.assertEqual(self.ok("input(5) + input()", allowStdin=True), "''")
        self.assertEqual([event["prompt"] for event in self.events("input_request")], ["5", ""])

    def test_signatures(self) -> None:
        self.answers = ["a"]
        self.assertEqual(self.ok("input(prompt='Name? ')", allowStdin=True), "'a'")
        error = self.fails("input('a', 'b')", "TypeError", allowStdin=True)
        self.assertTrue(error["evalue"].startswith("input() takes"), error)
        self.answers = ["secret"]
        self.assertEqual(self.ok("import getpass, sys; getpass.getpass('P', stream=sys.stderr)", allowStdin=True), "'secret'")
        self.assertIn("The stream of getpass() has no effect", self.printed("stderr"))

    def test_several_questions_have_several_ids(self) -> None:
        self.answers = ["1", "2", "3"]
        self.assertEqual(self.ok("[input() for i in range(3)]", allowStdin=True), "['1', '2', '3']")
        self.assertEqual(len({event["requestId"] for event in self.events("input_request")}), 3)

    def test_a_task_whose_cell_has_ended_does_not_wait_for_an_answer(self) -> None:
        self.ok(
            "import asyncio\nasync def ask():\n    try:\n        input('late? ')\n    except NotImplementedError as error:\n"
            "        print(error)\ntask = asyncio.create_task(ask())", allowStdin=True,
        )  # fmt: skip
        self.ok("await task", allowStdin=True)
        self.assertEqual(self.events("input_request"), [])
        self.assertIn("the cell has ended", self.printed("stdout"))

    def test_tasks_that_ask_side_by_side_have_one_question_open_at_a_time(self) -> None:
        self.answers = ["1", "2", "3"]
        open_now: list[int] = []
        answer = self.platform.on_event

        def watch(event: dict[str, Any]) -> None:
            if event["type"] == "input_request":
                asked = len(self.events("input_request"))
                open_now.append(asked - len(self.accepted))
            answer(event)

        self.platform.on_event = watch
        code = "import asyncio\nasync def ask(): return input()\nsorted(await asyncio.gather(ask(), ask(), ask()))"
        self.assertEqual(self.ok(code, allowStdin=True), "['1', '2', '3']")
        self.assertEqual(open_now, [1, 1, 1])

    def test_in_an_awaiting_cell(self) -> None:
        self.answers = ["x"]
        self.assertEqual(self.ok("import asyncio\nawait asyncio.sleep(1)\ninput()", allowStdin=True), "'x'")

    def test_output_comes_before_the_question(self) -> None:
        self.answers = ["x"]
        self.ok("print('first', end='')\ninput()", allowStdin=True)
        kinds = [event["type"] for event in self.events()]
        self.assertLess(kinds.index("stdout"), kinds.index("input_request"))

    def test_getpass(self) -> None:
        self.answers = ["secret", "again"]
        self.assertEqual(self.ok("import getpass; getpass.getpass()", allowStdin=True), "'secret'")
        self.assertEqual(self.ok("from getpass import getpass as g; g('Pin: ')", allowStdin=True), "'again'")
        self.assertEqual([(event["prompt"], event["password"]) for event in self.events("input_request")], [("Password: ", True), ("Pin: ", True)])

    def test_not_allowed(self) -> None:
        for code in ["input('x')", "import getpass; getpass.getpass()", "import sys; sys.stdin.readline()"]:
            with self.subTest(code=code):
                self.assertIn("allowStdin", self.fails(code, "StdinNotImplementedError")["evalue"])
        self.assertEqual(self.ok("try:\n    input()\nexcept NotImplementedError:\n    r = 1\nr"), "1")
        self.assertEqual(self.events("input_request"), [])

    def test_where_python_cannot_wait(self) -> None:
        self.platform.waits_allowed = False
        self.fails("input()", "StdinNotImplementedError", allowStdin=True)

    def test_end_of_file(self) -> None:
        self.answers = [None, None]
        self.assertEqual(self.fails("input()", "EOFError", allowStdin=True)["evalue"], "EOF when reading a line")
        self.assertEqual(self.ok("import sys; sys.stdin.readline()", allowStdin=True), "''")

    def test_interrupt_while_asking(self) -> None:
        def interrupt(event: dict[str, Any]) -> None:
            if event["type"] == "input_request":
                self.loop.call_soon(lambda: self.call("interrupt", executionId="x"))

        self.platform.on_event = interrupt
        error = self.fails("input()", "KeyboardInterrupt", id="x", allowStdin=True)
        self.assertEqual(error["evalue"], "Interrupted by user")
        (request,) = self.events("input_request")
        self.assertEqual(self.call("inputReply", requestId=request["requestId"], value="late"), {"accepted": False})
        self.platform.on_event = lambda event: None
        self.assertEqual(self.ok("1"), "1")

    def test_replies_that_nobody_waits_for(self) -> None:
        self.assertEqual(self.call("inputReply", requestId="e1:9", value="x"), {"accepted": False})
        self.assertEqual(self.call("inputReply", value="x")["error"]["ename"], "KeyError")

    def test_second_reply_is_not_accepted(self) -> None:
        self.platform.on_event = lambda event: event["type"] == "input_request" and self.loop.call_soon(
            lambda: [self.reply(event["requestId"], "a"), self.reply(event["requestId"], "b")]
        )
        self.assertEqual(self.ok("input()", allowStdin=True), "'a'")
        self.assertEqual(self.accepted, [True, False])


class Stream(AnsweredCase):
    def test_lines(self) -> None:
        self.answers = ["one", "two", None]
        self.assertEqual(self.ok("import sys; list(sys.stdin)", allowStdin=True), "['one\\n', 'two\\n']")

    def test_sizes(self) -> None:
        self.answers = ["abc", None]
        self.assertEqual(self.ok("import sys; s = sys.stdin; s.readline(2), s.read(1), s.read()", allowStdin=True), "('ab', 'c', '\\n')")

    def test_bytes(self) -> None:
        self.answers = ["a\udcff", "b", None]
        self.assertEqual(self.ok("import sys; sys.stdin.buffer.read()", allowStdin=True), r"b'a\xff\nb\n'")

    def test_text_that_is_no_utf_8(self) -> None:
        self.answers = ["a\udcff", "\ud800", None]
        self.assertEqual(self.ok("import sys; [ascii(line) for line in sys.stdin]", allowStdin=True), r"""["'a\\udcff\\n'", "'?\\n'"]""")

    def test_file_0(self) -> None:
        for code in ("open(0).read()", "open('/dev/stdin').read()", "import os; os.fdopen(0).read()", "import pathlib; pathlib.Path('/dev/stdin').read_text()"):
            with self.subTest(code=code):
                self.answers = ["one", "two", None]
                self.assertEqual(self.ok(code, allowStdin=True), r"'one\ntwo\n'")
        self.answers = ["abc", None]
        self.assertEqual(self.ok("import os; os.read(0, 2), os.read(0, 9), os.read(0, 9)", allowStdin=True), r"(b'ab', b'c\n', b'')")
        self.fails("open(0).read()", "StdinNotImplementedError")

    def test_closing_a_second_stream_leaves_the_first_open(self) -> None:
        self.answers = ["one", "two"]
        self.ok("import sys\nwith open(0) as file: first = file.readline()\nsys.stdin.close()", allowStdin=True)
        self.assertEqual(self.ok("first, file.closed, sys.stdin.readline(), sys.stdin.closed", allowStdin=True), r"('one\n', True, 'two\n', False)")

    def test_streams_that_code_makes_of_it_leave_it_open(self) -> None:
        for made in ("io.TextIOWrapper(sys.stdin.buffer, 'latin-1')", "io.TextIOWrapper(sys.stdin.detach())", "codecs.getreader('utf-8')(sys.stdin.buffer)"):
            with self.subTest(made=made):
                self.answers = ["one", None, None]
                self.assertEqual(self.ok(f"import codecs, io, sys; s = {made}; line = s.read(); s.close(); del s; line", allowStdin=True), r"'one\n'")
                self.answers = ["two"]
                self.assertEqual(self.ok("sys.stdin.buffer.readline()", allowStdin=True), r"b'two\n'")

    def test_each_cell_has_its_own(self) -> None:
        self.answers = ["one", "two", "three"]
        self.ok("import sys; sys.stdin.reconfigure(encoding='latin-1'); sys.stdin.read(1), sys.stdin.buffer.read(1)", allowStdin=True)
        self.assertEqual(self.ok("sys.stdin.readline(), sys.stdin.encoding, sys.__stdin__ is sys.stdin", allowStdin=True), r"('three\n', 'utf-8', True)")

    def test_the_stream_without_a_buffer(self) -> None:
        self.answers = ["one", None]
        self.assertEqual(self.ok("import sys; raw = sys.stdin.buffer.raw; raw.read(2), raw.readall()", allowStdin=True), r"(b'on', b'e\n')")

    def test_other_files_are_opened_as_before(self) -> None:
        self.ok("import tempfile\nwith tempfile.TemporaryFile('w+') as file:\n    file.write('x'); file.seek(0); text = file.read()")
        self.assertEqual(self.names["text"], "x")
        self.fails("open('/no/such/file')", "FileNotFoundError")

    def test_is_no_terminal(self) -> None:
        self.assertEqual(self.ok("import sys; sys.stdin.isatty(), sys.stdin.readable()"), "(False, True)")
