"""papermill runs a notebook with parameters in a kernel of the server at argv[1], through the gateway client."""

import sys
import tempfile
import unittest
from pathlib import Path

import nbformat
import papermill
from gateway import GatewayKernelManager, use_gateway


class Papermill(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.addCleanup(self.directory.cleanup)

    def execute(self, *cells, **parameters):
        book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
        book.cells[0].metadata["tags"] = ["parameters"]
        source, target = (Path(self.directory.name, name) for name in ("in.ipynb", "out.ipynb"))
        nbformat.write(book, source)
        papermill.execute_notebook(
            str(source),
            str(target),
            parameters=parameters,
            kernel_name="python",
            language="python",
            kernel_manager_class=GatewayKernelManager,
            progress_bar=False,
        )
        return nbformat.read(target, as_version=4)

    def test_parameters(self):
        executed = self.execute("x = 1\nname = ''", "print(name)\nx * 2", x=21, name="ada")
        self.assertEqual(executed.cells[-1].outputs[0].text, "ada\n")
        self.assertEqual(executed.cells[-1].outputs[1].data["text/plain"], "42")

    def test_error(self):
        with self.assertRaises(papermill.PapermillExecutionError) as raised:
            self.execute("x = 0", "1 / x", "print('never')")
        self.assertEqual(raised.exception.ename, "ZeroDivisionError")


if __name__ == "__main__":
    use_gateway(sys.argv.pop(1))
    unittest.main()
