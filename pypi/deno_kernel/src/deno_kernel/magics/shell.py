"""%%bash, %%sh, %sx, %system and %%!: magics that run commands in the kernel's shell."""

from __future__ import annotations

from typing import Any

from ..ipython.magic import Magics, UsageError, cell_magic, line_cell_magic, magics_class, parse_options
from ..shell.host import run_command


@magics_class
class ShellMagics(Magics):
    """A `ShellMagics` has the magics whose text is a script of the shell."""

    @cell_magic
    def bash(self, line: str, cell: str) -> None:
        """Runs the cell in bash: `%%bash [--out NAME] [--err NAME] [--no-raise-error]`."""
        self._run("bash", line, cell)

    @cell_magic
    def sh(self, line: str, cell: str) -> None:
        """Does the same as %%bash."""
        self._run("sh", line, cell)

    def _run(self, name: str, line: str, cell: str) -> None:
        from subprocess import CalledProcessError

        options, _ = parse_options(line, "", "out=", "err=", "no-raise-error")
        kept = bool(options.get("out") or options.get("err"))
        result = run_command(self.shell._kernel, cell, shown=not kept)
        if result is None:
            raise UsageError(f"Cannot run %%{name}: this kernel has no processes and no shell; use Python instead")
        for option, text in (("out", result.stdout), ("err", result.stderr)):
            if options.get(option):
                self.shell.user_ns[options.get(option)] = text
        shown = type(result)(
            result.returncode, "" if options.get("out") else result.stdout, "" if options.get("err") else result.stderr
        )
        shown.show()
        if result.returncode and "no-raise-error" not in options:
            raise CalledProcessError(result.returncode, cell)

    @line_cell_magic
    def sx(self, line: str = "", cell: str | None = None) -> Any:
        """Returns the lines that a command prints."""
        return self.shell.getoutput(line if cell is None else f"{line}\n{cell}")

    @line_cell_magic
    def system(self, line: str = "", cell: str | None = None) -> Any:
        """Does the same as %sx."""
        return self.sx(line, cell)

    @cell_magic("!")
    def shell_cell(self, line: str, cell: str) -> Any:
        """Does the same as %%sx."""
        return self.sx(line, cell)
