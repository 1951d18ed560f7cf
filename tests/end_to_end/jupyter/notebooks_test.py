"""nbclient runs notebooks in kernels of the server at argv[1], through the gateway client."""

import sys
import unittest

import nbformat
from gateway import GatewayKernelManager, use_gateway
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError


def notebook(*cells):
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])


def run(book, **options):
    options = {"timeout": 60, "kernel_name": "python3", **options}
    NotebookClient(book, kernel_manager_class=GatewayKernelManager, **options).execute()
    nbformat.validate(book)
    return [cell.outputs for cell in book.cells]


class Notebooks(unittest.TestCase):
    def test_plain_outputs(self):
        book = notebook("x = 20\nprint('hello')", "import sys\nprint('oops', file=sys.stderr)\nx + 1")
        outputs = run(book)
        self.assertEqual(outputs[0], [{"output_type": "stream", "name": "stdout", "text": "hello\n"}])
        self.assertEqual(outputs[1][0]["name"], "stderr")
        self.assertEqual(outputs[1][1]["data"], {"text/plain": "21"})
        self.assertEqual([cell.execution_count for cell in book.cells], [1, 2])
        self.assertEqual(book.metadata.language_info.name, "python")

    def test_rich_outputs(self):
        outputs = run(
            notebook(
                "from IPython.display import HTML, Image, JSON, display\ndisplay(HTML('<b>x</b>'))",
                "handle = display('before', display_id=True)\nhandle.update('after')",
                "class Both:\n def _repr_mimebundle_(self, **_): return {'text/plain': 'p', 'text/latex': 'l'}\nBoth()",
            )
        )
        self.assertEqual(outputs[0][0]["data"]["text/html"], "<b>x</b>")
        self.assertEqual(outputs[1][0]["data"]["text/plain"], "'after'")
        self.assertEqual(outputs[2][0]["data"], {"text/plain": "p", "text/latex": "l"})

    def test_error_ends_the_notebook(self):
        book = notebook("1/0", "print('never')")
        with self.assertRaises(CellExecutionError) as raised:
            run(book)
        self.assertEqual(raised.exception.ename, "ZeroDivisionError")
        self.assertEqual(book.cells[1].outputs, [])

    def test_input_is_refused(self):
        with self.assertRaises(CellExecutionError) as raised:
            run(notebook("input('name?')"))
        self.assertEqual(raised.exception.ename, "StdinNotImplementedError")

    def test_timeout_interrupts(self):
        book = notebook("while True: pass", "print('goes on')")
        outputs = run(book, timeout=2, interrupt_on_timeout=True, allow_errors=True)
        self.assertEqual(outputs[0][-1]["ename"], "KeyboardInterrupt")
        self.assertEqual(outputs[1][0]["text"], "goes on\n")

    def test_timeout_ends_the_notebook(self):
        with self.assertRaises(CellTimeoutError):
            run(notebook("while True: pass"), timeout=1)


if __name__ == "__main__":
    use_gateway(sys.argv.pop(1))
    unittest.main()
