"""nbclient runs notebooks in kernels of the server at argv[1], through the gateway client."""

import sys
import unittest

import nbformat
from gateway import GatewayKernelManager, use_gateway
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError


def notebook(*cells):
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])


def text_of(outputs, name="stdout"):
    """Joins what a cell has written: it may come in any parts."""
    return "".join(it["text"] for it in outputs if it.get("name") == name)


def run(book, **options):
    options = {"timeout": 60, "kernel_name": "python3", **options}
    client = NotebookClient(book, kernel_manager_class=GatewayKernelManager, **options)
    # The gateway's manager reads the name when it starts the kernel.
    client.execute(kernel_name=options["kernel_name"])
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

    def run_language(self, name, extension, *cells):
        book = notebook(*cells)
        outputs = run(book, kernel_name=name, allow_errors=True)
        info = book.metadata.language_info
        self.assertEqual((info.name, info.file_extension), (name, extension))
        self.assertEqual([cell.execution_count for cell in book.cells], list(range(1, len(cells) + 1)))
        return outputs

    def test_javascript(self):
        outputs = self.run_language(
            "javascript",
            ".js",
            "const x = await Promise.resolve(20); console.log('hello'); console.error('oops')",
            "x + 1",
            "Deno.jupyter.html`<b>${x}</b>`",
            "throw new RangeError('far')",
            "await Deno.writeTextFile('a.txt', 'kept'); (await Deno.readTextFile('a.txt')).length",
            "await input('name?')",
        )
        self.assertEqual((text_of(outputs[0]), text_of(outputs[0], "stderr")), ("hello\n", "oops\n"))
        self.assertEqual(outputs[1][0]["data"], {"text/plain": "21"})
        self.assertEqual(outputs[2][0]["data"], {"text/html": "<b>20</b>"})
        self.assertEqual((outputs[3][0]["ename"], outputs[3][0]["evalue"]), ("RangeError", "far"))
        self.assertEqual(outputs[4][0]["data"], {"text/plain": "4"})
        self.assertEqual(outputs[5][0]["ename"], "StdinNotImplementedError")

    def test_typescript(self):
        outputs = self.run_language(
            "typescript",
            ".ts",
            "enum Colour { Red = 3 }\ninterface P { x: number }\nconst p: P = { x: Colour.Red }",
            "(p as P).x * 7",
            "for (const i of [1, 2] as number[]) console.log(i)",
        )
        self.assertEqual(outputs[0], [])
        self.assertEqual(outputs[1][0]["data"], {"text/plain": "21"})
        self.assertEqual(text_of(outputs[2]), "1\n2\n")

    def test_bash(self):
        outputs = self.run_language(
            "bash",
            ".sh",
            "x=20; cd /tmp; f() { echo $((x + 1)); }",
            "f; pwd",
            "echo out; ls nothing",
            "printf 'b\\na\\n' | sort | python3 -c 'import sys; print(sys.stdin.read().split())'",
        )
        self.assertEqual(outputs[0], [])
        self.assertEqual(text_of(outputs[1]), "21\n/tmp\n")
        self.assertEqual(text_of(outputs[2]), "out\n")
        self.assertIn("nothing", text_of(outputs[2], "stderr"))
        self.assertEqual(outputs[2][-1]["ename"], "ExitStatus")
        self.assertEqual(text_of(outputs[3]), "['a', 'b']\n")


if __name__ == "__main__":
    use_gateway(sys.argv.pop(1))
    unittest.main()
