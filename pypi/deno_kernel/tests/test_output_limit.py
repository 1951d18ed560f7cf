"""Tests the limit that the host sets on the output of a cell."""

from __future__ import annotations

from .support import KernelCase


class OutputLimitTest(KernelCase):
    """Tests events that the platform refuses, because they are larger than its room."""

    def setUp(self) -> None:
        super().setUp()
        self.platform.room = 5_000

    def test_a_display_that_is_too_large_is_not_sent(self) -> None:
        self.ok("display({'text/plain': 'x' * 10_000}, raw=True)")
        self.assertEqual(self.events("display_data"), [])

    def test_a_value_that_is_too_large_is_none(self) -> None:
        self.assertIsNone(self.ok("'x' * 10_000"))
        self.assertEqual(self.events("execute_result"), [])
        self.assertEqual(self.names["_"], "x" * 10_000)

    def test_an_error_that_is_too_large_is_shortened(self) -> None:
        error = self.fails("raise ValueError('x' * 10_000)", "ValueError")
        self.assertEqual(error["evalue"], "x" * 2_000 + " [and 8000 more characters]")
        self.assertTrue(all(len(line) < 2_100 for line in error["traceback"]))
        self.assertEqual(self.events("execute_error")[0]["evalue"], error["evalue"])

    def test_an_expression_that_is_too_large_is_an_error(self) -> None:
        reply = self.run_cell("1", userExpressions={"a": "'x' * 10_000", "b": "2"})
        self.assertEqual(reply["userExpressions"]["a"]["ename"], "OutputLimitExceeded")

    def test_what_a_cell_cannot_do_without_is_sent(self) -> None:
        self.platform.room = 0
        reply = self.run_cell("1")
        self.assertEqual(reply["status"], "ok")
        self.assertEqual(len(self.events("execute_input")), 1)
