"""%run: the magic that runs files and modules."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import CodeType
from typing import Any

from ..ipython.magic import Magics, UsageError, line_magic, magics_class, parse_options, split
from ..ipython.nested import Caller, run_compiled
from ..source.compiler import CompiledCell
from ..source.files import cells_of, read_source
from .timing import format_time


@magics_class
class ScriptMagics(Magics):
    """A `ScriptMagics` has the magic that runs files and modules."""

    @line_magic
    def run(self, line: str = "") -> None:
        """Runs a file as a script, and takes over its names: `%run [options] [-m module | file] [arguments]`.

        -i runs it in the user's namespace, -n does not set __name__ to "__main__", -e ignores sys.exit(), -m runs a
        module by its name, -t prints the time, of -N runs, -G leaves patterns such as *.csv in the arguments as they
        are. -d runs it in the debugger, with a breakpoint at -b [FILE:]LINE, and -p in the profiler, with the
        options -l, -s, -T and -D of %prun. The cells of a notebook (.ipynb) and files with magics (.ipy) run in the
        user's namespace.
        """
        options, rest = parse_options(_with_end_of_options(line), "inetN:m:Gpdb:l:s:T:D:", mode="list", list_all=True)
        package, code = None, None
        if options.m:
            path, package, code = _module(options.m[-1])
            rest = [path, *rest]
        elif rest:
            path = self._file(rest[0])
        else:
            raise UsageError("%run needs a file")
        words = rest if "G" in options else [path, *_expanded(rest[1:])]
        if path.endswith((".ipynb", ".ipy")):
            self._timed(options, lambda: self._run_cells(path))
            return
        if code is None:
            compiled = self.shell._kernel.compiler.compile(read_source(path), os.path.abspath(path), remember=False)
        else:
            compiled = CompiledCell("", path)
            compiled.body = code
        with self._namespace(path, package, options) as names, _arguments(path, words):
            try:
                self._run(compiled, names, path, options)
            except SystemExit as left:
                if "e" not in options and left.code not in (None, 0):
                    raise

    def _run(self, compiled: CompiledCell, names: dict[str, Any], path: str, options: Any) -> None:
        kernel = self.shell._kernel

        def once(call: Caller | None = None) -> Any:
            return run_compiled(kernel, compiled, names, **({} if call is None else {"call": call}))

        if "p" in options:
            from .profiling import profiled

            limits = [int(word) if word.isdecimal() else word for word in options.l or []]
            profiled(self.shell, once, {key: options[key][-1] for key in "sTD" if key in options}, limits)
        elif "d" in options:
            from .debugging import debugged

            place = options.b[-1] if options.b else None
            debugged(once, place and (place if ":" in place else f"{os.path.abspath(path)}:{place}"), compiled.filename)
        else:
            self._timed(options, once)

    def _timed(self, options: Any, once: Callable[[], Any]) -> None:
        """Runs a file one or several times, and prints the time if that is asked for."""
        try:
            runs = max(1, int(options.N[-1])) if options.N else 1
        except ValueError:
            raise UsageError(f"%run -N needs a number, not {options.N[-1]!r}") from None
        begin = time.perf_counter()
        for _ in range(runs if "t" in options else 1):
            once()
        if "t" not in options:
            return
        taken = time.perf_counter() - begin
        if runs > 1:
            print(f"Total runs performed: {runs}\nTime per run: {format_time(taken / runs)}")
        print(f"Wall time: {taken:.2f} s")

    def _file(self, name: str) -> str:
        name = os.path.expanduser(name)
        for path in (name, name + ".py"):
            if os.path.isfile(path):
                return path
        raise UsageError(f"File {name!r} not found.")

    @contextmanager
    def _namespace(self, path: str, package: str | None, options: Any) -> Iterator[dict[str, Any]]:
        """Returns the names of a script; those that it makes become the user's, also when it fails."""
        user = self.shell.user_ns
        name = os.path.splitext(os.path.basename(path))[0] if "n" in options else "__main__"
        own = {"__name__": name, "__file__": os.path.abspath(path), "__builtins__": user["__builtins__"]}
        if package is not None:
            own["__package__"] = package
        if "i" in options:
            with self._own_names(own):
                yield user
            return
        names = {**own, "get_ipython": self.shell.get_ipython}
        try:
            yield names
        finally:
            hidden = {*own, "get_ipython"}
            user.update({key: value for key, value in names.items() if key not in hidden})

    @contextmanager
    def _own_names(self, own: dict[str, Any]) -> Iterator[None]:
        """Gives the user's namespace the names of a file for a while."""
        user = self.shell.user_ns
        kept = {key: user[key] for key in own if key in user}
        user.update(own)
        try:
            yield
        finally:
            for key in own:
                user.pop(key, None)
            user.update(kept)

    def _run_cells(self, path: str) -> None:
        with self._own_names({"__file__": os.path.abspath(path)}):
            for cell in cells_of(path):
                self.shell.run_cell(cell, silent=True).raise_error()


@contextmanager
def _arguments(path: str, words: list[str]) -> Iterator[None]:
    """Makes words those of the command line, and the directory of a script the first in which modules are found."""
    argv, first = sys.argv, sys.path[0] if sys.path else ""
    sys.argv = [path, *words[1:]]
    sys.path.insert(0, os.path.dirname(os.path.abspath(path)))
    try:
        yield
    finally:
        sys.argv = argv
        if sys.path and sys.path[0] != first:
            del sys.path[0]


def _with_end_of_options(line: str) -> str:
    """Returns a line in which what follows `-m module` belongs to the module, as on the command line of Python."""
    words = split(line)
    for index, (word, _) in enumerate(words):
        if not word.startswith("-") or word == "--":
            break
        if word.startswith("-m"):
            after = index + (2 if word == "-m" else 1)
            if after < len(words) and words[after][0] != "--":
                at = words[after][1]
                return f"{line[:at]}-- {line[at:]}"
            break
    return line


def _expanded(words: list[str]) -> list[str]:
    """Returns arguments with the files that they match, as a shell expands them."""
    from IPython.utils.path import shellglob

    return shellglob(os.path.expanduser(word) for word in words)


def _module(name: str) -> tuple[str, str, CodeType | None]:
    """Returns the file that `python -m` would run, its package, and its code unless the file is a source.

    Raises UsageError if there is no such module.
    """
    import importlib.util

    try:
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.submodule_search_locations is not None:
            spec = importlib.util.find_spec(f"{name}.__main__")
    except (ImportError, ValueError):
        spec = None
    if spec is None or spec.origin is None:
        raise UsageError(f"%run -m: there is no module {name!r} to run")
    package = spec.parent or ""
    if spec.origin.endswith(".py") and os.path.isfile(spec.origin):
        return spec.origin, package, None
    code = getattr(spec.loader, "get_code", lambda name: None)(spec.name)  # The module is in an archive.
    if code is None:
        raise UsageError(f"%run -m: the module {name!r} has no code of Python's to run")
    return spec.origin, package, code
