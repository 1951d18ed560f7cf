"""The protocol of smolagents' remote executors, with a kernel of the server at argv[1] in place of a container."""

import sys
import unittest
from contextlib import closing

from smolagents import tool
from smolagents.monitoring import AgentLogger, LogLevel
from smolagents.remote_executors import (
    RemotePythonExecutor,
    _create_kernel_http,
    _websocket_run_code_raise_errors,
)
from smolagents.tools import Tool
from smolagents.utils import AgentError
from websocket import create_connection


class Executor(RemotePythonExecutor):
    """Does what `DockerExecutor` and `ModalExecutor` do once their server is there."""

    def __init__(self, url: str):
        super().__init__([], AgentLogger(level=LogLevel.ERROR))
        self.kernel_id = _create_kernel_http(f"{url}/api/kernels?token=", self.logger)
        self.ws_url = f"{url.replace('http', 'ws')}/api/kernels/{self.kernel_id}/channels?token="
        self.installed_packages = []

    def run_code_raise_errors(self, code: str):
        with closing(create_connection(self.ws_url)) as socket:
            return _websocket_run_code_raise_errors(code, socket, self.logger, self.allow_pickle)


@tool
def double(number: int) -> int:
    """Doubles a number.

    Args:
        number: the number
    """
    return number * 2


class FinalAnswer(Tool):
    name = "final_answer"
    description = "Gives the answer."
    inputs = {"answer": {"type": "any", "description": "the answer"}}
    output_type = "any"

    def forward(self, answer):
        return answer


class Executors(unittest.TestCase):
    def setUp(self):
        self.executor = Executor(sys.argv[1])

    def test_state_and_logs(self):
        self.executor("x = 40")
        output = self.executor("print('seen')\nx + 2")
        self.assertEqual((output.output, output.logs, output.is_final_answer), ("42", "seen\n", False))

    def test_variables(self):
        self.executor.send_variables({"numbers": [1, 2], "name": "ada"})
        self.assertEqual(self.executor("sum(numbers), name").output, "(3, 'ada')")

    def test_error(self):
        with self.assertRaisesRegex(AgentError, "ZeroDivisionError"):
            self.executor("1 / 0")

    def test_tools_and_final_answer(self):
        self.executor.send_tools({"double": double, "final_answer": FinalAnswer()})
        output = self.executor("final_answer(double(number=21))")
        self.assertEqual((output.output, output.is_final_answer), (42, True))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
