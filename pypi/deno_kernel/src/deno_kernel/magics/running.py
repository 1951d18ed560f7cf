"""%load, %%python and %%capture: magics that load and run code, and capture output."""

from __future__ import annotations

import warnings
from typing import Any

from ..display.capture import capture_output
from ..ipython.magic import Magics, UsageError, cell_magic, line_magic, magics_class, parse_options, split
from ..ipython.nested import compile_nested, interactivity, run_compiled, show_value
from ..ipython.user_code import user_code as code_by_name
from ..source.files import definitions_of, lines_of, without_cookie


@magics_class
class RunningMagics(Magics):
    """A `RunningMagics` has the magics that run code and capture output."""

    @cell_magic
    def python(self, line: str, cell: str) -> None:
        """Runs the cell as a program of its own, with names of its own; without processes, in this interpreter.

        With the options of %%script or arguments, it is a program of the kernel's shell.
        """
        if line.strip():
            self.shell.run_cell_magic("script", f"python {line}", cell)
            return
        kernel = self.shell._kernel
        compiled = kernel.compiler.compile(cell, kernel.compiler.name_cell(None))
        run_compiled(kernel, compiled, {"__name__": "__main__", "__builtins__": self.shell.user_ns["__builtins__"]})

    @cell_magic
    def python3(self, line: str, cell: str) -> None:
        """Does the same as %%python."""
        self.python(line, cell)

    @line_magic
    def load(self, line: str = "") -> None:
        """Replaces this cell by the text of a file, or of earlier cells: `%load [-r lines] [-s symbols] file`, `%load 3-5`."""
        options, name = parse_options(line, "yns:r:")
        if not name:
            raise UsageError("%load needs a file or cell numbers")
        text = without_cookie(user_code(self.shell, name))
        try:
            if options.r:
                text = lines_of(text, options.r)
            if options.s:
                sources, missing = definitions_of(text, options.s.split(","))
                text = "\n".join(sources)
                for symbol in missing:
                    warnings.warn(f"The symbol `{symbol}` was not found", stacklevel=2)
        except (SyntaxError, ValueError) as error:
            raise UsageError(f"%load: {error}") from None
        self.shell.set_next_input(f"# %load {line}\n{text}", replace=True)

    @line_magic
    def loadpy(self, line: str = "") -> None:
        """Does the same as %load."""
        self.load(line)

    @cell_magic
    def capture(self, line: str, cell: str) -> None:
        """Runs a cell and captures its output: `%%capture [--no-stdout] [--no-stderr] [--no-display] [name]`."""
        words = [word for word, _ in split(line)]
        flags = {word for word in words if word.startswith("-")}
        unknown = flags - {"--no-stdout", "--no-stderr", "--no-display"}
        names = [word for word in words if not word.startswith("-")]
        if unknown or len(names) > 1:
            raise UsageError("%%capture [--no-stdout] [--no-stderr] [--no-display] [name]")
        kernel = self.shell._kernel
        captured = None
        try:
            with capture_output(
                "--no-stdout" not in flags, "--no-stderr" not in flags, "--no-display" not in flags
            ) as captured:
                compiled = compile_nested(kernel, cell, interactivity())
                value = run_compiled(kernel, compiled)
                if "--no-display" not in flags:
                    show_value(kernel, compiled, value)
        finally:
            if names and captured is not None:
                self.shell.user_ns[names[0]] = captured
        if "--no-display" in flags:
            show_value(kernel, compiled, value)


def user_code(shell: Any, name: str) -> str:
    """Returns the text of a file, of earlier cells by their numbers, or of a variable; raises UsageError otherwise."""
    try:
        return code_by_name(shell, name)
    except ValueError as error:
        raise UsageError(str(error)) from None
