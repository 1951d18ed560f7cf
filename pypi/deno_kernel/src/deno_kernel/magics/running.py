"""%run, %load and %%capture: magics that run code and capture output."""

from __future__ import annotations

import os
import sys
from typing import Any

from ..display.capture import capture_output
from ..ipython.magic import Magics, UsageError, cell_magic, line_magic, magics_class, parse_options, split
from ..ipython.nested import compile_nested, interactivity, run_compiled, run_nested, show_value
from ..ipython.user_code import user_code as code_by_name
from ..source.files import cells_of, read_source


@magics_class
class RunningMagics(Magics):
    """A `RunningMagics` has the magics that run code and capture output."""

    @line_magic
    def run(self, line: str = "") -> None:
        """Runs a file as a script, and takes over its names: `%run [-i] [-n] [-e] [-t] [-m module | file] [arguments]`.

        -i runs it in the user's namespace, -n does not set __name__ to "__main__", -e ignores sys.exit(), -m runs a
        module by its name, and -t prints the time. The cells of a notebook (.ipynb) and files with magics (.ipy) run in the user's namespace.
        """
        import time

        options, rest = parse_options(line, "inetm:", mode="list")
        if options.m:
            rest = [_module_file(options.m), *rest]
        if not rest:
            raise UsageError("%run needs a file")
        path = self._file(rest[0])
        begin = time.perf_counter()
        if path.endswith((".ipynb", ".ipy")):
            self._run_cells(path)
        else:
            self._run_script(path, rest, options)
        if "t" in options:
            print(f"Wall time: {time.perf_counter() - begin:.2f} s")

    def _file(self, name: str) -> str:
        name = os.path.expanduser(name)
        for path in (name, name + ".py"):
            if os.path.isfile(path):
                return path
        raise UsageError(f"File {name!r} not found.")

    def _run_script(self, path: str, words: list[str], options: Any) -> None:
        kernel = self.shell._kernel
        source = read_source(path)
        name = os.path.splitext(os.path.basename(path))[0] if "n" in options else "__main__"
        user = self.shell.user_ns
        own = {"__name__": name, "__file__": path, "__builtins__": user["__builtins__"]}
        names: dict[str, Any] = user if "i" in options else {**own, "get_ipython": self.shell.get_ipython}
        kept = {key: user[key] for key in own if key in user}
        if "i" in options:
            user.update(own)
        argv, first = sys.argv, sys.path[0] if sys.path else ""
        sys.argv = [path, *words[1:]]
        sys.path.insert(0, os.path.dirname(os.path.abspath(path)))
        try:
            compiled = kernel.compiler.compile(source, os.path.abspath(path), remember=False)
            run_compiled(kernel, compiled, names)
        except SystemExit as left:
            if "e" not in options and left.code not in (None, 0):
                raise
        finally:
            sys.argv = argv
            if sys.path and sys.path[0] != first:
                del sys.path[0]
            if "i" in options:
                for key in own:
                    user.pop(key, None)
                user.update(kept)
            else:
                hidden = {*own, "get_ipython"}
                user.update({key: value for key, value in names.items() if key not in hidden})

    def _run_cells(self, path: str) -> None:
        for cell in cells_of(path):
            run_nested(self.shell._kernel, self.shell.prepared(cell), silent=True).raise_error()

    @cell_magic
    def python(self, line: str, cell: str) -> None:
        """Runs the cell as a program of its own, with names of its own; without processes, in this interpreter."""
        kernel = self.shell._kernel
        compiled = kernel.compiler.compile(cell, kernel.compiler.name_cell(None))
        run_compiled(kernel, compiled, {"__name__": "__main__", "__builtins__": self.shell.user_ns["__builtins__"]})

    @cell_magic
    def python3(self, line: str, cell: str) -> None:
        """Does the same as %%python."""
        self.python(line, cell)

    @line_magic
    def load(self, line: str = "") -> None:
        """Replaces this cell by the text of a file, or of earlier cells (`%load 3-5`)."""
        options, name = parse_options(line, "yns:r:")
        if not name:
            raise UsageError("%load needs a file or cell numbers")
        text = user_code(self.shell, name)
        if options.r:
            first, _, last = options.r.replace(":", "-").partition("-")
            lines = text.splitlines(True)
            text = "".join(lines[int(first or 1) - 1 : int(last or len(lines))])
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


def _module_file(name: str) -> str:
    """Returns the file that `python -m` would run; raises UsageError if there is none."""
    import importlib.util

    try:
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.submodule_search_locations is not None:
            spec = importlib.util.find_spec(f"{name}.__main__")
    except (ImportError, ValueError):
        spec = None
    if spec is None or spec.origin is None:
        raise UsageError(f"%run -m: there is no module {name!r} to run")
    return spec.origin
