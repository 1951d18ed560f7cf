"""%who, %whos, %reset and others: magics about the user's names."""

from __future__ import annotations

import sys
from typing import Any

from ..ipython.magic import Magics, UsageError, line_magic, magics_class, parse_options
from ..waiting.stdin import StdinNotImplementedError


@magics_class
class NameMagics(Magics):
    """A `NameMagics` has the magics about the user's names."""

    def _names(self, line: str) -> list[str]:
        wanted = line.split()
        names = self.shell._kernel.namespace.user_names()
        values = self.shell.user_ns
        return [name for name in names if not wanted or type(values[name]).__name__ in wanted]

    @line_magic
    def who_ls(self, line: str = "") -> list[str]:
        """Returns the user's names; with types, only those of these types."""
        return self._names(line)

    @line_magic
    def who(self, line: str = "") -> None:
        """Prints the user's names; with types, only those of these types."""
        names = self._names(line)
        print("\t ".join(names) if names else "Interactive namespace is empty.")

    @line_magic
    def whos(self, line: str = "") -> None:
        """Prints the user's names with their types and short values."""
        names = self._names(line)
        if not names:
            print("Interactive namespace is empty.")
            return
        rows = [(name, type(self.shell.user_ns[name]).__name__, _short(self.shell.user_ns[name])) for name in names]
        widths = [max(8, *(len(row[column]) for row in rows)) for column in (0, 1)]
        print(f"{'Variable':<{widths[0]}}   {'Type':<{widths[1]}}   Data/Info")
        print("-" * (widths[0] + widths[1] + 15))
        for name, kind, value in rows:
            print(f"{name:<{widths[0]}}   {kind:<{widths[1]}}   {value}")

    @line_magic
    def reset(self, line: str = "") -> None:
        """Removes the user's names and the outputs of cells: `%reset [-f] [-s] [in] [out] [dhist] [array]`.

        -f does not ask, and -s keeps the inputs and outputs. With words, only these are removed: the inputs, the
        outputs, the list of directories, or NumPy's arrays.
        """
        options, words = parse_options(line, "fsa", mode="list")
        unknown = [word for word in words if word not in ("in", "out", "dhist", "array")]
        if unknown:
            raise UsageError(f"%reset does not know {unknown[0]!r}; there are in, out, dhist, array")
        if options.f is None and not self._agreed():
            print("Nothing done.")
            return
        namespace = self.shell._kernel.namespace
        if "in" in words:
            namespace.forget_inputs()
        if "out" in words:
            namespace.forget_outputs()
        if "dhist" in words:
            namespace.directories.clear()
        if "array" in words:
            self._remove_arrays()
        if options.s is not None and not words:
            for name in namespace.user_names():
                del self.shell.user_ns[name]
        elif not words:
            self.shell.reset()

    def _remove_arrays(self) -> None:
        numpy = sys.modules.get("numpy")
        values = self.shell.user_ns
        for name in self._names(""):
            if numpy is not None and isinstance(values[name], numpy.ndarray):
                del values[name]

    @line_magic
    def reset_selective(self, line: str = "") -> None:
        """Removes names that match a regular expression; with -f without asking."""
        import re

        options, pattern = parse_options(line, "f")
        if not pattern:
            raise UsageError("%reset_selective needs a regular expression")
        try:
            matcher = re.compile(pattern)
        except re.error as error:
            raise UsageError(f"%reset_selective: {error}") from None
        names = [name for name in self._names("") if matcher.search(name)]
        if options.f is None and names and not self._agreed():
            print("Nothing done.")
            return
        for name in names:
            del self.shell.user_ns[name]

    @line_magic
    def xdel(self, line: str = "") -> None:
        """Removes a name, and the other names of the same object; with -n, only the name."""
        options, name = parse_options(line, "n")
        try:
            self.shell.del_var(name, "n" in options)
        except (NameError, ValueError) as error:
            raise UsageError(str(error)) from None

    def _agreed(self) -> bool:
        try:
            answer = self.shell._kernel.stdin.input(
                "Once deleted, variables cannot be recovered. Proceed (y/[n])? "
            )
        except StdinNotImplementedError:
            raise UsageError("Nobody can be asked here: use -f") from None
        return answer.strip().lower() in ("y", "yes")


def _short(value: Any) -> str:
    shape = getattr(value, "shape", None)
    if isinstance(shape, tuple) and hasattr(value, "dtype"):
        return f"{'x'.join(map(str, shape))}: {value.dtype}"
    if isinstance(value, (list, tuple, dict, set, frozenset)):
        return f"n={len(value)}"
    try:
        text = str(value).replace("\n", "\\n")
    except Exception:
        text = "<str() failed>"
    return text if len(text) <= 60 else f"{text[:28]}<...>{text[-27:]}"
