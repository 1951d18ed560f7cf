"""%cat, %cp, %mv, %rm, %mkdir, %rmdir, %ll and others: the file commands that IPython has as aliases of the shell's."""

from __future__ import annotations

import glob
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ..ipython.magic import Magics, UsageError, line_magic, magics_class, parse_options
from .system import long_listing


@magics_class
class CommandMagics(Magics):
    """A `CommandMagics` has the file commands, which work without processes."""

    @line_magic
    def cat(self, line: str = "") -> None:
        """Prints files: `%cat file ...`."""
        for path in _paths("cat", line, "n")[1]:
            with _told("cat", path), open(path, encoding="utf-8", errors="replace") as file:
                text = file.read()
            print(text, end="" if text.endswith("\n") else "\n")

    @line_magic
    def cp(self, line: str = "") -> None:
        """Copies files, and with -r directories: `%cp [-r] source ... target`."""
        options, paths = _paths("cp", line, "rRfpva", at_least=2)
        *sources, target = paths
        for source in sources:
            goal = _goal("cp", source, target, len(sources))
            with _told("cp", source):
                if os.path.isdir(source):
                    if not options & {"r", "R", "a"}:
                        raise UsageError(f"%cp: -r not specified; omitting directory {source!r}")
                    shutil.copytree(source, goal, symlinks=True, dirs_exist_ok=True)
                else:
                    shutil.copy2(source, goal)

    @line_magic
    def mv(self, line: str = "") -> None:
        """Moves or renames files and directories: `%mv source ... target`."""
        *sources, target = _paths("mv", line, "fv", at_least=2)[1]
        for source in sources:
            with _told("mv", source):
                shutil.move(source, _goal("mv", source, target, len(sources)))

    @line_magic
    def rm(self, line: str = "") -> None:
        """Removes files, and with -r directories; with -f, without an error if there are none: `%rm [-r] [-f] path ...`."""
        options, paths = _paths("rm", line, "rRfv", missing_ok="f")
        for path in paths:
            with _told("rm", path):
                if os.path.isdir(path) and not os.path.islink(path):
                    if not options & {"r", "R"}:
                        raise UsageError(f"%rm: cannot remove {path!r}: Is a directory")
                    shutil.rmtree(path)
                elif "f" not in options or os.path.lexists(path):
                    os.remove(path)

    @line_magic
    def mkdir(self, line: str = "") -> None:
        """Makes directories; with -p, those above them too: `%mkdir [-p] path ...`."""
        options, paths = _paths("mkdir", line, "pv", expand=False)
        for path in paths:
            with _told("mkdir", path):
                os.makedirs(path, exist_ok=True) if "p" in options else os.mkdir(path)

    @line_magic
    def rmdir(self, line: str = "") -> None:
        """Removes empty directories: `%rmdir path ...`."""
        for path in _paths("rmdir", line, "pv")[1]:
            with _told("rmdir", path):
                os.rmdir(path)

    @line_magic
    def ll(self, line: str = "") -> None:
        """Lists files with their sizes and times."""
        self.shell.run_line_magic("ls", f"-l {line}".rstrip())

    @line_magic
    def lf(self, line: str = "") -> None:
        """Lists files that are no directories, with their sizes and times."""
        self._list(line, os.path.isfile)

    @line_magic
    def ldir(self, line: str = "") -> None:
        """Lists directories, with their times."""
        self._list(line, os.path.isdir)

    @line_magic
    def lk(self, line: str = "") -> None:
        """Lists symbolic links, with their times."""
        self._list(line, os.path.islink)

    @line_magic
    def lx(self, line: str = "") -> None:
        """Lists executable files, with their sizes and times."""
        self._list(line, lambda path: os.path.isfile(path) and os.access(path, os.X_OK))

    def _list(self, line: str, wanted: Callable[[str], bool]) -> None:
        directory = os.path.expanduser(line.strip() or ".")
        with _told("ls", directory):
            names = sorted(name for name in os.listdir(directory) if not name.startswith("."))
        for name in names:
            path = os.path.join(directory, name)
            if wanted(path):
                print(long_listing(path, name))


def _paths(
    command: str, line: str, known: str, at_least: int = 1, expand: bool = True, missing_ok: str = ""
) -> tuple[set[str], list[str]]:
    """Returns the options and the paths of a command; patterns are replaced by the files that they match."""
    options, words = parse_options(line, known, mode="list")
    found: list[str] = []
    for word in words:
        path = os.path.expanduser(word)
        matches = sorted(glob.glob(path)) if expand and glob.has_magic(path) else [path]
        if not matches and missing_ok not in options:
            raise UsageError(f"%{command}: {word!r}: No such file or directory")
        found.extend(matches)
    if len(words) < at_least:
        raise UsageError(f"%{command}: {'a path is' if at_least == 1 else 'two paths are'} needed")
    return set(options), found


def _goal(command: str, source: str, target: str, count: int) -> str:
    """Returns the path to which a file is copied or moved: inside of the target if that is a directory."""
    if os.path.isdir(target):
        return os.path.join(target, os.path.basename(source.rstrip("/")))
    if count > 1:
        raise UsageError(f"%{command}: {target!r} is not a directory")
    return target


@contextmanager
def _told(command: str, path: str) -> Iterator[None]:
    """Returns a context in which the system's errors become errors of the command."""
    try:
        yield
    except (OSError, shutil.Error) as error:
        raise UsageError(f"%{command}: {path!r}: {getattr(error, 'strerror', None) or error}") from None
