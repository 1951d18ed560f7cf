"""%%writefile, %%file and %pycat: magics about files."""

from __future__ import annotations

import os

from ..ipython.magic import Magics, UsageError, cell_magic, line_magic, magics_class, parse_options


@magics_class
class FileMagics(Magics):
    """A `FileMagics` has the magics about files."""

    @cell_magic
    def writefile(self, line: str, cell: str) -> None:
        """Writes the cell to a file: `%%writefile [-a] name`; -a appends."""
        options, name = parse_options(line, "a", "append")
        if len(name) > 1 and name[0] == name[-1] and name[0] in "'\"":
            name = name[1:-1]  # Quotes elsewhere belong to the name.
        if not name:
            raise UsageError("%%writefile needs the name of a file")
        path = os.path.expanduser(name)
        append = "a" in options or "append" in options
        exists = os.path.exists(path)
        try:
            with open(path, "a" if append else "w", encoding="utf-8") as file:
                file.write(cell)
        except OSError as error:
            raise UsageError(f"Cannot write {name}: {error.strerror}") from None
        print(f"{'Appending to' if append else 'Overwriting' if exists else 'Writing'} {name}")

    @cell_magic
    def file(self, line: str, cell: str) -> None:
        """Does the same as %%writefile."""
        self.writefile(line, cell)

    @line_magic
    def pycat(self, line: str = "") -> None:
        """Shows a file in the pager of the front end."""
        name = os.path.expanduser(line.strip())
        try:
            with open(name, encoding="utf-8") as file:
                text = file.read()
        except OSError as error:
            raise UsageError(f"Cannot read {line.strip()!r}: {error.strerror}") from None
        self.shell.write_payload({"source": "page", "data": {"text/plain": text}, "start": 0})
