from __future__ import annotations

import json
from typing import Any

from deno_kernel.entry.configure import configure

from .support import KernelCase

SEARCH = {
    "name": "search",
    "description": "Finds documents.",
    "inputSchema": {
        "type": "object",
        "properties": {"limit": {"type": "integer", "default": 3}, "query": {"type": "string"}},
        "required": ["query"],
    },
}


class Calling(KernelCase):
    def setUp(self) -> None:
        super().setUp()
        self.outcomes: list[Any] = []
        self.accepted: list[bool] = []
        configure(self.kernel, {"tools": [SEARCH, {"name": "free", "description": "", "inputSchema": {}}]})

        def answer(event: dict[str, Any]) -> None:
            if event["type"] == "tool_call" and self.outcomes:
                self.loop.call_soon(self.reply, event["requestId"], self.outcomes.pop(0))

        self.platform.on_event = answer

    def reply(self, request_id: str, outcome: Any) -> None:
        reply = self.call("toolReply", requestId=request_id, outcome=json.dumps(outcome))
        self.accepted.append(reply["accepted"])

    def test_sync_call(self) -> None:
        self.outcomes = [{"value": ["a", None]}]
        self.assertEqual(self.ok("tools.search.sync('x')"), "['a', None]")
        (call,) = self.events("tool_call")
        self.assertEqual((call["name"], call["arguments"], call["executionId"]), ("search", {"query": "x"}, "e1"))
        self.assertEqual(self.accepted, [True])

    def test_awaited_call(self) -> None:
        self.outcomes = [{"value": 1}]
        self.assertEqual(self.ok("await tools.search(limit=2, query='x')"), "1")
        self.assertEqual(self.events("tool_call")[0]["arguments"], {"query": "x", "limit": 2})

    def test_failure(self) -> None:
        self.outcomes = [{"error": "broken"}]
        code = "try: tools.search.sync('x')\nexcept tools.ToolError as error: text = str(error)\ntext"
        self.assertEqual(self.ok(code), "'broken'")

    def test_arguments_of_an_open_schema_go_by_name(self) -> None:
        self.outcomes = [{"value": 1}]
        self.ok("tools.free.sync(a=1, b=[2])")
        self.assertEqual(self.events("tool_call")[0]["arguments"], {"a": 1, "b": [2]})

    def test_signature_and_help(self) -> None:
        code = "import inspect\nstr(inspect.signature(tools.search)), tools.search.__doc__"
        self.assertEqual(self.ok(code), "('(query: str, limit: int = 3)', 'Finds documents.')")

    def test_answers_that_nobody_waits_for_are_refused(self) -> None:
        self.reply("nobody", {"value": 1})
        self.assertEqual(self.accepted, [False])
