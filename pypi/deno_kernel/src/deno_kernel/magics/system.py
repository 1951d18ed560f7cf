"""%env, %cd, %ls, %pip and others: magics about the environment, directories and packages."""

from __future__ import annotations

import os
import re
from typing import Any

from ..ipython.magic import (
    Magics,
    UsageError,
    line_magic,
    magics_class,
    parse_options,
    split,
)
from .bookmarks import bookmarks


_FOR_THE_SHELL = re.compile(r"(?:\|\|?|&&)$|[12&]?>(?!=)")
"""A word that pipes the output of a command or sends it to a file, or after which another command begins."""
_SECRET = re.compile("key|token|secret", re.IGNORECASE)


@magics_class
class SystemMagics(Magics):
    """A `SystemMagics` has the magics for which a shell is used elsewhere."""

    @line_magic
    def env(self, line: str = "") -> Any:
        """Returns the environment or a variable (`%env NAME`), or sets a variable (`%env NAME=value`).

        In the whole environment, the values of keys, tokens and secrets are hidden.
        """
        text = line.strip()
        if not text:
            return {name: "<hidden>" if _SECRET.search(name) else value for name, value in os.environ.items()}
        name, sign, value = text.partition("=")
        if not sign:
            name, space, value = text.partition(" ")
            if not space:
                if name not in os.environ:
                    raise UsageError(f"Environment does not have key: {name}")
                return os.environ[name]
        name, value = name.strip(), value.strip()
        if not name or any(char.isspace() for char in name):
            raise UsageError(f"Refusing to set an environment variable called {name!r}")
        os.environ[name] = value
        print(f"env: {name}={value}")
        return None

    @line_magic
    def set_env(self, line: str = "") -> None:
        """Sets an environment variable: `%set_env NAME=value`."""
        if not line.strip() or "=" not in line and " " not in line.strip():
            raise UsageError("%set_env needs a name and a value")
        self.env(line)

    @line_magic
    def pwd(self, line: str = "") -> str:
        """Returns the current directory."""
        return os.getcwd()

    @line_magic
    def cd(self, line: str = "") -> None:
        """Changes the current directory: `-` is the previous one, no argument the home directory.

        A name may be that of a bookmark (%bookmark), and with -b it is one. -q prints nothing.
        """
        options, path = parse_options(line, "qb")
        marked = options.b is not None
        visited = self.shell._kernel.namespace.directories
        before = os.getcwd()
        path = path.strip().strip("'\"")
        if path == "-":
            if len(visited) < 2:
                raise UsageError("%cd -: No previous directory to change to.")
            path = visited[-2]
        elif marked or (path and not os.path.isdir(os.path.expanduser(path))):
            mark = bookmarks(self.shell).get(path)
            if mark is None and marked:
                raise UsageError(f"Bookmark {path!r} not found.  Use '%bookmark -l' to see your bookmarks.")
            if mark is not None:
                print(f"(bookmark:{path}) -> {mark}")
                path = mark
        try:
            os.chdir(os.path.expanduser(path or "~"))
        except OSError as error:
            raise UsageError(f"%cd {path}: {error.strerror}") from None
        if not visited:
            visited.append(before)
        visited.append(os.getcwd())
        if options.q is None:
            print(os.getcwd())

    @line_magic
    def pushd(self, line: str = "") -> list[str]:
        """Puts the current directory on the stack, changes to another, and returns the stack."""
        before = _short(os.getcwd())
        if line.strip():
            self.cd(line)
            self.shell.dir_stack.insert(0, before)
        return self.shell.dir_stack

    @line_magic
    def popd(self, line: str = "") -> None:
        """Changes to the directory on top of the stack, and takes it off."""
        if not self.shell.dir_stack:
            raise UsageError("%popd on empty stack")
        top = self.shell.dir_stack.pop(0)
        self.cd(top)
        print("popd ->", top)

    @line_magic
    def dirs(self, line: str = "") -> list[str]:
        """Returns the stack of directories."""
        return self.shell.dir_stack

    @line_magic
    def dhist(self, line: str = "") -> None:
        """Prints the directories that were visited."""
        visited = self.shell._kernel.namespace.directories
        print("Directory history (kept in _dh)")
        print("\n".join(f"{index}: {path}" for index, path in enumerate(visited)))

    @line_magic
    def ls(self, line: str = "") -> None:
        """Lists files: `%ls [-a] [-l] [path or pattern ...]`."""
        import glob

        options, paths = parse_options(line, "alhtr1AFR", mode="list")
        every, long = "a" in options or "A" in options, "l" in options
        listed: list[tuple[str | None, list[str]]] = []
        for path in paths or ["."]:
            path = os.path.expanduser(path)
            found = sorted(glob.glob(path)) if glob.has_magic(path) else [path]
            if not found or not os.path.lexists(found[0]):
                raise UsageError(f"%ls: cannot access {path!r}: no such file or directory")
            for one in found:
                if os.path.isdir(one):
                    names = sorted(name for name in os.listdir(one) if every or not name.startswith("."))
                    listed.append((one, [os.path.join(one, name) for name in names]))
                else:
                    listed.append((None, [one]))
        for directory, files in listed:
            if directory is not None and len(listed) > 1:
                print(f"{directory}:")
            base = directory or ""
            labels = [(file, os.path.relpath(file, base) if base else file) for file in files]
            if long:
                for file, label in labels:
                    print(long_listing(file, label))
            elif labels:
                print("  ".join(label + ("/" if os.path.isdir(file) else "") for file, label in labels))

    @line_magic
    def pip(self, line: str = "") -> None:
        """Manages packages: `%pip install name==1.2 ./file.whl -r requirements.txt`, `%pip list`, `%pip uninstall name`."""
        from ..packages.archives import PackageError
        from ..packages.pip import run_pip

        # A shell, which reads the line elsewhere, takes a semicolon as its end.
        words = [word for word, _ in split(line.rstrip("; "))]
        comment = next((at for at, word in enumerate(words) if word.startswith("#")), len(words))
        if any(_FOR_THE_SHELL.match(word) for word in words[:comment]):
            self.shell.system(f"pip {line}")
            return
        try:
            run_pip(self.shell._kernel.packages, words[:comment])
        except PackageError as error:
            raise UsageError(str(error)) from None

    @line_magic
    def uv(self, line: str = "") -> None:
        """Does what %pip does for `%uv pip ...`; there is no other part of uv."""
        first, _, rest = line.strip().partition(" ")
        if first == "add":
            rest = f"install {rest}"
        elif first != "pip":
            raise UsageError("Cannot run %uv: there is no uv here but for `%uv pip install`; try %pip install")
        self.pip(rest)


def _short(path: str) -> str:
    home = os.path.expanduser("~")
    return path.replace(home, "~", 1) if home != "/" and path.startswith(home) else path


def long_listing(path: str, label: str) -> str:
    """Returns the line of a file in a long listing: its mode, size, time and name."""
    import stat
    import time

    info = os.lstat(path)
    when = time.strftime("%Y-%m-%d %H:%M", time.localtime(info.st_mtime))
    return f"{stat.filemode(info.st_mode)} {info.st_size:>10} {when} {label}"
