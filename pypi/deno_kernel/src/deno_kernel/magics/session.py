"""%lsmagic, %history, %load_ext, %pinfo and others: magics about the session."""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Callable
from typing import Any

from ..current import running_shell
from ..ipython.magic import Magics, UsageError, line_magic, magics_class, parse_options
from ..ipython.traceback_printer import MODES
from .naming import automagic_state


@magics_class
class SessionMagics(Magics):
    """A `SessionMagics` has the magics about the session."""

    @line_magic
    def lsmagic(self, line: str = "") -> MagicList:
        """Lists the magics."""
        return MagicList(self.shell.magics_manager.magics)

    @line_magic
    def magic(self, line: str = "") -> None:
        """Describes all magics."""
        parts = []
        for kind, sign in (("line", "%"), ("cell", "%%")):
            for name, function in sorted(self.shell.magics_manager.magics[kind].items()):
                parts.append(f"{sign}{name}:\n    {_first_line(function)}")
        self._page("Available magics of IPython's shell in this kernel; %lsmagic lists their names:\n\n" + "\n".join(parts))

    def _page(self, text: str) -> None:
        self.shell.write_payload({"source": "page", "data": {"text/plain": text}, "start": 0})

    @line_magic
    def history(self, line: str = "") -> None:
        """Prints earlier cells: `%history [-n] [-o] [-p] [-t] [-u] [-l count] [-g pattern] [-f file] [3 5-7]`.

        -n numbers them, -o shows their values, -p writes `>>> ` before their lines, -t shows them as Python, and -f
        writes them to a file.
        """
        options, rest = parse_options(line, "notupl:g:f:", mode="list")
        if options.f is None:
            self._print_history(options, rest)
            return
        path = os.path.expanduser(options.f)
        text = io.StringIO()
        with contextlib.redirect_stdout(text):
            self._print_history(options, rest)
        try:
            with open(path, "x", encoding="utf-8") as file:
                file.write(text.getvalue())
        except FileExistsError:
            raise UsageError(f"File {path!r} exists; remove it first") from None
        except OSError as error:
            raise UsageError(f"Cannot write {path!r}: {error.strerror}") from None

    def _print_history(self, options: Any, rest: list[str]) -> None:
        history = self.shell._kernel.history
        now = self.shell.execution_count
        if "g" in options:
            entries = history.search(f"*{options['g']}*", unique="u" in options)
        elif "l" in options:
            count = _count(options["l"])
            entries = [entry for entry in history.tail(count + 1) if entry.line != now][-count:] if count > 0 else []
        elif rest:
            entries = []
            for part in rest:
                first, dash, last = part.partition("-")
                if not first.isdigit() or (dash and not last.isdigit()):
                    raise UsageError(f"%history: {part!r} is no cell number")
                entries.extend(history.range(0, int(first), (int(last) if dash else int(first)) + 1))
        else:
            entries = [entry for entry in history.range() if entry.line != now]
        for entry in entries:
            text = entry.source if "t" in options else entry.raw
            if "p" in options:
                text = "\n... ".join(f">>> {text}".rstrip().split("\n"))
            prefix = f"{entry.line:>4}: " if "n" in options else ""
            if prefix and "\n" in text:
                prefix = f"{entry.line:>4}:\n"
            print(prefix + text)
            if "o" in options and entry.output is not None:
                print(entry.output)

    @line_magic
    def hist(self, line: str = "") -> None:
        """Does the same as %history."""
        self.history(line)

    @line_magic
    def xmode(self, line: str = "") -> None:
        """Sets the detail of tracebacks: Plain, Context, Verbose or Minimal; without a word, the next of these."""
        mode = line.strip().capitalize()
        if not mode:
            mode = MODES[(MODES.index(self.shell.xmode) + 1) % len(MODES)]
        if mode not in MODES:
            raise UsageError(f"Unknown exception mode {line.strip()!r}; there are {', '.join(MODES)}")
        self.shell.xmode = mode
        print(f"Exception reporting mode: {mode}")

    @line_magic
    def tb(self, line: str = "") -> None:
        """Shows the last traceback; with a mode of %xmode, with that detail."""
        mode, before = line.strip().capitalize(), self.shell.xmode
        if mode and mode not in MODES:
            raise UsageError(f"Unknown exception mode {line.strip()!r}; there are {', '.join(MODES)}")
        try:
            self.shell.xmode = mode or before
            self.shell.showtraceback()
        finally:
            self.shell.xmode = before

    @line_magic
    def pinfo(self, line: str = "", detail: int = 0) -> None:
        """Describes an object, as `object?` does."""
        from ..introspection.inspection import describe

        reply = describe(self.shell._kernel.namespace.names, line.strip(), detail)
        if not reply["found"]:
            print(f"Object `{line.strip()}` not found.")
            return
        self.shell.write_payload({"source": "page", "data": reply["data"], "start": 0})

    @line_magic
    def pinfo2(self, line: str = "") -> None:
        """Describes an object with its source, as `object??` does."""
        self.pinfo(line, 1)

    def _part(self, line: str, part: str, detail: int = 0, page: Callable[[str], None] | None = None) -> None:
        from ..introspection.inspection import fields_of

        fields = fields_of(self.shell._kernel.namespace.names, line.strip(), detail)
        if fields is None:
            print(f"Object `{line.strip()}` not found.")
        elif part not in fields:
            print(f"No {part.lower()} found for {line.strip()}")
        else:
            (page or self._page)(fields[part])

    @line_magic
    def pdoc(self, line: str = "") -> None:
        """Shows the docstring of an object."""
        self._part(line, "Docstring")

    @line_magic
    def pdef(self, line: str = "") -> None:
        """Prints the signature of an object."""
        self._part(line, "Signature", page=print)

    @line_magic
    def psource(self, line: str = "") -> None:
        """Shows the source of an object."""
        self._part(line, "Source", 1)

    @line_magic
    def psearch(self, line: str = "") -> None:
        """Lists the names that match a pattern, as `*pattern*?` does: `%psearch [-a] [-i] PATTERN [TYPE]`.

        With -a also names that begin with an underscore; with -i letters may be of either case.
        """
        from ..introspection.inspection import matching_names

        options, rest = parse_options(line, "acie:s:")
        words = rest.split()
        if not words:
            raise UsageError("A pattern is needed")
        kind = words[1] if len(words) > 1 else ""
        names = matching_names(self.shell.user_ns, words[0], kind, fold="i" in options, hidden="a" in options)
        self._page("\n".join(names))


class MagicList:
    """A `MagicList` shows the names of all magics."""

    def __init__(self, magics: dict[str, dict[str, Any]]) -> None:
        self._magics = magics

    def __repr__(self) -> str:
        line = "  ".join("%" + name for name in sorted(self._magics["line"]))
        cell = "  ".join("%%" + name for name in sorted(self._magics["cell"]))
        return (
            f"Available line magics:\n{line}\n\nAvailable cell magics:\n{cell}\n\n"
            f"{automagic_state(running_shell().automagic)}"
        )

    def _repr_json_(self) -> Any:
        return {
            kind: {name: getattr(function, "__qualname__", "?").split(".")[0] for name, function in functions.items()}
            for kind, functions in self._magics.items()
        }


def _count(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise UsageError(f"%history -l needs a number, not {text!r}") from None


def _first_line(function: Any) -> str:
    doc = (getattr(function, "__doc__", None) or "").strip()
    return doc.splitlines()[0] if doc else "(no description)"
