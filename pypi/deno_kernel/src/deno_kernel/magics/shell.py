"""%%bash, %%sh, %%script, %sx, %system and %%!: magics that run commands in the kernel's shell."""

from __future__ import annotations

from typing import Any

from ..ipython.magic import Magics, UsageError, cell_magic, line_cell_magic, magics_class, split
from ..shell.host import run_command

_SHELLS = ("bash", "sh")


@magics_class
class ShellMagics(Magics):
    """A `ShellMagics` has the magics whose text is a script of the shell."""

    @cell_magic
    def bash(self, line: str, cell: str) -> None:
        """Runs the cell in bash: `%%bash [options of %%script] [-eux] [-s argument ...]`."""
        self._run("bash", ["bash", *_words(line)], cell)

    @cell_magic
    def sh(self, line: str, cell: str) -> None:
        """Does the same as %%bash."""
        self._run("sh", ["sh", *_words(line)], cell)

    @cell_magic
    def script(self, line: str, cell: str) -> None:
        """Runs a program with the cell as its input: `%%script [options] program [argument ...]`.

        --out NAME and --err NAME keep the output in variables, and --no-raise-error goes on when the program fails.
        """
        self._run("script", _words(line), cell)

    def _run(self, magic: str, words: list[str], cell: str) -> None:
        from subprocess import CalledProcessError

        options, words = _script_options(words)
        if not self._has("true"):
            raise UsageError(f"Cannot run %%{magic}: this kernel has no processes and no shell; use Python instead")
        if not words:
            raise UsageError("%%script needs a program")
        if not self._has(words[0]):
            raise UsageError(f"Cannot run %%{magic} {words[0]}: this kernel has no such program")
        kept = bool(options.get("out") or options.get("err"))
        result = self._result(words, cell, shown=not kept)
        for option, text in (("out", result.stdout), ("err", result.stderr)):
            if options.get(option):
                self.shell.user_ns[options[option]] = text
        shown = type(result)(
            result.returncode, "" if options.get("out") else result.stdout, "" if options.get("err") else result.stderr
        )
        shown.show()
        if result.returncode and "no-raise-error" not in options:
            raise CalledProcessError(result.returncode, cell)

    def _has(self, program: str) -> bool:
        """Returns true if this kernel has a shell, which has a program."""
        import shlex

        if program in _SHELLS:
            return True
        found = run_command(self.shell._kernel, f"type {shlex.quote(program)}")
        return found is not None and not found.returncode

    def _result(self, words: list[str], cell: str, shown: bool) -> Any:
        """Runs a program. A script of the shell is its command line, so that commands in it may have another input."""
        import shlex

        kernel = self.shell._kernel
        if words[0] not in _SHELLS:
            return run_command(kernel, shlex.join(words), cell.encode(), shown=shown)
        flags = [word for word in words[1:] if word.startswith("-") and word != "-s"]
        arguments = [word for word in words[1:] if not word.startswith("-")]
        settings = [*flags, *(["--", *arguments] if arguments else [])]
        return run_command(kernel, f"set {shlex.join(settings)}\n{cell}" if settings else cell, shown=shown)

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


def _words(line: str) -> list[str]:
    return [word for word, _ in split(line)]


def _script_options(words: list[str]) -> tuple[dict[str, str], list[str]]:
    """Returns the options of %%script, which may stand anywhere, and the program with its own arguments."""
    options: dict[str, str] = {}
    rest: list[str] = []
    left = iter(words)
    for word in left:
        name, sign, value = word.removeprefix("--").partition("=")
        if not word.startswith("--") or name not in _OPTIONS:
            rest.append(word)
        elif name in _BESIDE:
            raise UsageError(f"{word} cannot work: this kernel runs no program beside its cells")
        elif name in ("out", "err"):
            options[name] = value if sign else next(left, "")
            if not options[name].isidentifier():
                raise UsageError(f"--{name} needs the name of a variable")
        else:
            options[name] = ""
    return options, rest


_BESIDE = ("bg", "proc")
_OPTIONS = ("out", "err", "no-raise-error", "raise-error", *_BESIDE)
