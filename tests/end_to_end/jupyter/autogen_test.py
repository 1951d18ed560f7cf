"""autogen's executor for a Jupyter server, with the server at argv[1] in place of a container."""

import sys
import tempfile
import unittest
from pathlib import Path
from urllib.parse import urlsplit

from autogen_core import CancellationToken
from autogen_core.code_executor import CodeBlock
from autogen_ext.code_executors.docker_jupyter import DockerJupyterCodeExecutor
from autogen_ext.code_executors.docker_jupyter._jupyter_server import JupyterConnectionInfo


class Executors(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        address = urlsplit(sys.argv[1])
        info = JupyterConnectionInfo(host=address.hostname, use_https=False, port=address.port, token=sys.argv[2])
        self.directory = tempfile.TemporaryDirectory()
        self.executor = DockerJupyterCodeExecutor(info, kernel_name="python", output_dir=self.directory.name)
        await self.executor.start()

    async def asyncTearDown(self):
        await self.executor.stop()
        self.directory.cleanup()

    async def run_code(self, *codes):
        blocks = [CodeBlock(code=code, language="python") for code in codes]
        return await self.executor.execute_code_blocks(blocks, CancellationToken())

    async def test_output_and_state(self):
        result = await self.run_code("x = 40\nprint('seen')", "x + 2")
        self.assertEqual(result.exit_code, 0, result.output)
        self.assertEqual(result.output.split(), ["seen", "42"])

    async def test_error(self):
        result = await self.run_code("1 / 0")
        self.assertEqual(result.exit_code, 1)
        self.assertIn("ZeroDivisionError", result.output)

    async def test_files(self):
        result = await self.run_code("from IPython.display import HTML, display\ndisplay(HTML('<b>x</b>'))")
        self.assertEqual([Path(file).read_text() for file in result.output_files], ["<b>x</b>"])

    async def test_restart(self):
        await self.run_code("x = 1")
        await self.executor.restart()
        self.assertIn("NameError", (await self.run_code("x")).output)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
