"""smolagents' E2B executor, unmodified, against a server: arguments are the URL of its `/e2b` and a token."""

from __future__ import annotations

import sys
import unittest

from smolagents import tool
from smolagents.default_tools import FinalAnswerTool
from smolagents.monitoring import AgentLogger, LogLevel
from smolagents.remote_executors import E2BExecutor
from smolagents.utils import AgentError


@tool
def double(number: int) -> int:
    """Doubles a number.

    Args:
        number: the number
    """
    return number * 2


class Executors(unittest.TestCase):
    def test_executor_runs_code_variables_tools_and_final_answers(self) -> None:
        url, key = sys.argv[1:3]
        logger = AgentLogger(level=LogLevel.ERROR)
        executor = E2BExecutor(["numpy"], logger, api_url=url, sandbox_url=url, api_key=key)
        self.addCleanup(executor.cleanup)
        executor("x = 40")
        output = executor("print('seen')\nx + 2")
        self.assertEqual((output.output, output.logs, output.is_final_answer), ("42", "seen\n", False))
        executor.send_variables({"numbers": [1, 2], "name": "ada"})
        self.assertEqual(executor("sum(numbers), name").output, "(3, 'ada')")
        with self.assertRaisesRegex(AgentError, "ZeroDivisionError"):
            executor("1 / 0")
        executor.send_tools({"double": double, "final_answer": FinalAnswerTool()})
        self.assertEqual(executor("import numpy\nint(numpy.arange(4).sum())").output, "6")
        output = executor("final_answer(double(number=21))")
        self.assertEqual((output.output, output.is_final_answer), (42, True))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
