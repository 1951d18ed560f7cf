"""%save, %macro, %rerun, %recall and %store: magics that use earlier cells and variables again."""

from __future__ import annotations

import os
import pickle
from typing import Any

from ..ipython.macro import Macro
from ..ipython.magic import Magics, UsageError, line_magic, magics_class, parse_options
from ..ipython.user_code import cells_by_number
from .running import user_code


@magics_class
class RecallingMagics(Magics):
    """A `RecallingMagics` has the magics that use earlier cells and variables again."""

    @line_magic
    def save(self, line: str = "") -> None:
        """Writes earlier cells to a file: `%save [-f] [-a] name [1 3-5]`; -f overwrites without asking, -a appends.

        Without numbers, it writes all cells of the session.
        """
        options, words = parse_options(line, "faruy", mode="list")
        if not words:
            raise UsageError("%save needs the name of a file and cell numbers")
        name, *numbers = words
        path = os.path.expanduser(name if os.path.splitext(name)[1] in (".py", ".ipy") else name + ".py")
        if numbers:
            text = user_code(self.shell, " ".join(numbers))
        else:
            text = "\n".join(cell for _, _, cell in self.shell.history_manager.get_tail(self.shell.execution_count))
        append = "a" in options
        if not append and "f" not in options and "y" not in options and os.path.exists(path):
            raise UsageError(f"File `{path}` exists; use %save -f to overwrite, or -a to append")
        try:
            with open(path, "a" if append else "w", encoding="utf-8") as file:
                if not append:
                    file.write("# coding: utf-8\n")
                file.write(text if text.endswith("\n") else text + "\n")
        except OSError as error:
            raise UsageError(f"Cannot write {path}: {error.strerror}") from None
        print(f"The following commands were written to file `{path}`:\n{text}")

    @line_magic
    def macro(self, line: str = "") -> list[str] | None:
        """Gives earlier cells a name by which they run again: `%macro [-q] name 1 3-5`; without a name, lists these."""
        options, words = parse_options(line, "rq", mode="list")
        if not words:
            names = self.shell._kernel.namespace.user_names()
            return [name for name in names if isinstance(self.shell.user_ns[name], Macro)]
        if len(words) < 2 or not words[0].isidentifier():
            raise UsageError("%macro needs a name and cell numbers")
        name, *numbers = words
        macro = Macro(user_code(self.shell, " ".join(numbers)))
        self.shell.user_ns[name] = macro
        if "q" not in options:
            print(f"Macro `{name}` created. To execute, type its name (without quotes).\n=== Macro contents: ===\n{macro}", end="")
        return None

    @line_magic
    def rerun(self, line: str = "") -> None:
        """Runs earlier cells again: `%rerun [-l count] [-g text] [3 5-7]`; without an argument, the last one."""
        options, numbers = parse_options(line, "l:g:")
        history = self.shell._kernel.history
        earlier = [entry.raw for entry in history.range() if entry.line < self.shell.execution_count]
        if options.g:
            cells = [text for text in earlier if options.g in text and not text.startswith("%rerun")][-1:]
        elif options.l:
            cells = earlier[-int(options.l) :]
        else:
            cells = cells_by_number(self.shell, numbers) if numbers else earlier[-1:]
        if not cells:
            raise UsageError("%rerun: no such cells")
        code = "\n".join(cells)
        print(f"=== Executing: ===\n{code}\n=== Output: ===")
        self.shell.run_cell(code).raise_error()

    @line_magic
    def recall(self, line: str = "") -> None:
        """Puts earlier cells, or the text of a variable, into the next cell; without an argument, the last value."""
        numbers = line.strip()
        if not numbers:
            self.shell.set_next_input(str(self.shell.user_ns["_"]))
            return
        cells = cells_by_number(self.shell, numbers)
        self.shell.set_next_input("\n".join(cells) if cells else user_code(self.shell, numbers))

    @line_magic
    def rep(self, line: str = "") -> None:
        """Does the same as %recall."""
        self.recall(line)

    @line_magic
    def store(self, line: str = "") -> None:
        """Keeps variables in files below the home directory: `%store a b`, `%store -r [a]`, `%store -d a`, `%store -z`.

        -r restores variables, -d removes one and -z all; without an argument, the stored ones are listed.
        `%store a > file` writes a variable to a file, and `>>` appends it.
        """
        options, words = parse_options(line, "rdz", mode="list")
        stored = Stored()
        if "z" in options:
            for name in stored.names():
                stored.remove(name)
        elif "d" in options:
            if not words:
                raise UsageError("You must provide the variable to forget")
            for name in words:
                stored.remove(name)
        elif "r" in options:
            for name in words or stored.names():
                self.shell.user_ns[name] = stored.load(name)
        elif len(words) == 3 and words[1] in (">", ">>"):
            self._write(words[0], words[2], append=words[1] == ">>")
        elif words:
            for name in words:
                stored.save(name, self._variable(name))
                print(f"Stored {name!r} ({type(self.shell.user_ns[name]).__name__})")
        else:
            print("Stored variables and their in-db values:")
            for name in stored.names():
                print(f"{name:<20} -> {repr(stored.load(name))[:50]}")

    def _variable(self, name: str) -> Any:
        if name not in self.shell.user_ns:
            raise UsageError(f"Unknown variable {name!r}")
        return self.shell.user_ns[name]

    def _write(self, name: str, path: str, append: bool) -> None:
        value = self._variable(name)
        text = value if isinstance(value, str) else repr(value)
        try:
            with open(os.path.expanduser(path), "a" if append else "w", encoding="utf-8") as file:
                file.write(text if text.endswith("\n") else text + "\n")
        except OSError as error:
            raise UsageError(f"Cannot write {path}: {error.strerror}") from None
        print(f"Writing {name!r} ({type(value).__name__}) to file {path!r}.")


class Stored:
    """A `Stored` has the variables of `%store`, one pickle for each; IPython keeps them in the same directory."""

    def __init__(self) -> None:
        self._directory = os.path.expanduser("~/.ipython/profile_default/db/autorestore")

    def names(self) -> list[str]:
        """Returns the names of the stored variables, sorted."""
        try:
            return sorted(name for name in os.listdir(self._directory) if name.isidentifier())
        except FileNotFoundError:
            return []

    def save(self, name: str, value: Any) -> None:
        """Stores a variable; raises UsageError if it cannot be pickled."""
        try:
            data = pickle.dumps(value)
        except Exception as error:
            raise UsageError(f"Cannot store {name!r}: {error}") from None
        os.makedirs(self._directory, exist_ok=True)
        with open(self._path(name), "wb") as file:
            file.write(data)

    def load(self, name: str) -> Any:
        """Returns a stored variable; raises UsageError if there is none, or if it cannot be read."""
        try:
            with open(self._path(name), "rb") as file:
                return pickle.load(file)
        except FileNotFoundError:
            raise UsageError(f"no stored variable or alias {name}") from None
        except Exception as error:
            raise UsageError(f"Cannot restore {name!r}: {error}") from None

    def remove(self, name: str) -> None:
        """Removes a stored variable; raises UsageError if there is none."""
        try:
            os.remove(self._path(name))
        except FileNotFoundError:
            raise UsageError(f"no stored variable {name}") from None

    def _path(self, name: str) -> str:
        if not name.isidentifier():
            raise UsageError(f"{name!r} is no name of a variable")
        return os.path.join(self._directory, name)
