"""jupyter_kernel_test against a kernel of the server at argv[1], through the gateway client."""

import asyncio
import sys
import unittest

import jupyter_kernel_test
from gateway import GatewayKernelManager, use_gateway


class Blocking:
    """The gateway's client with the blocking methods that the tests call."""

    def __init__(self, client, loop):
        self._client = client
        self._loop = loop

    def get_shell_msg(self, timeout=None):
        return self._loop.run_until_complete(self._client.get_shell_msg(timeout=timeout))

    def __getattr__(self, name):
        return getattr(self._client, name)


class DenoKernel(jupyter_kernel_test.KernelTests):
    kernel_name = "python"
    language_name = "python"
    file_extension = ".py"
    code_hello_world = "print('hello, world')"
    code_stderr = "import sys; print('test', file=sys.stderr)"
    completion_samples = [
        {"text": "impo", "matches": {"import"}},
        {"text": "pri", "matches": {"print"}},
    ]
    complete_code_samples = ["1", "print('hello')", "def f(x):\n  return x*2\n\n\n"]
    incomplete_code_samples = ["print('''hello", "def f(x):\n  x*2"]
    invalid_code_samples = ["import = 7q"]
    code_page_something = "len?"
    code_generate_error = "raise ValueError('wrong')"
    code_execute_result = [{"code": "1+2+3", "result": "6"}, {"code": "[1, 2][::-1]", "result": "[2, 1]"}]
    code_display_data = [
        {"code": "from IPython.display import HTML, display; display(HTML('<b>test</b>'))", "mime": "text/html"},
    ]
    code_history_pattern = "1?2*"
    supported_history_operations = ("tail", "search", "range")
    code_inspect_sample = "zip"
    code_clear_output = "from IPython.display import clear_output; clear_output()"

    @classmethod
    def setUpClass(cls):
        cls.loop = asyncio.new_event_loop()
        asyncio.set_event_loop(cls.loop)
        cls.km = GatewayKernelManager()
        cls.loop.run_until_complete(cls.km.start_kernel(kernel_name=cls.kernel_name))
        client = cls.km.client()
        cls.loop.run_until_complete(client.start_channels())
        cls.loop.run_until_complete(client.wait_for_ready(timeout=30))
        cls.kc = Blocking(client, cls.loop)

    @classmethod
    def tearDownClass(cls):
        cls.kc.stop_channels()
        cls.loop.run_until_complete(cls.km.shutdown_kernel())


if __name__ == "__main__":
    use_gateway(sys.argv.pop(1))
    unittest.main()
