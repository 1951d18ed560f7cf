"""%bookmark: names for directories, which are kept in the home directory."""

from __future__ import annotations

import json
import os

from ..ipython.magic import Magics, UsageError, line_magic, magics_class, parse_options


@magics_class
class BookmarkMagics(Magics):
    """A `BookmarkMagics` has the magic for bookmarks."""

    @line_magic
    def bookmark(self, line: str = "") -> None:
        """Names a directory for %cd: `%bookmark name [directory]`; -l lists the names, -d removes one, -r all of them."""
        options, words = parse_options(line, "drl", mode="list")
        if len(words) > 2:
            raise UsageError("%bookmark: too many arguments")
        marks = bookmarks(self.shell)
        if "d" in options:
            if not words:
                raise UsageError("%bookmark -d: must provide a bookmark to delete")
            if words[0] not in marks:
                raise UsageError(f"%bookmark -d: Can't delete bookmark {words[0]!r}")
            del marks[words[0]]
        elif "r" in options:
            marks = {}
        elif "l" in options:
            print("Current bookmarks:")
            width = max(map(len, marks), default=0)
            for name in sorted(marks):
                print(f"{name:<{width}} -> {marks[name]}")
            return
        elif not words:
            raise UsageError("%bookmark: You must specify the bookmark name")
        else:
            directory = os.path.expanduser(words[1]) if len(words) == 2 else os.getcwd()
            marks[words[0]] = os.path.abspath(directory)
        _keep(self.shell, marks)


def bookmarks(shell: object) -> dict[str, str]:
    """Returns the directories by their names."""
    try:
        with open(_path(shell), encoding="utf-8") as file:
            return {str(name): str(path) for name, path in dict(json.load(file)).items()}
    except (OSError, ValueError):
        return {}


def _keep(shell: object, marks: dict[str, str]) -> None:
    path = _path(shell)
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            json.dump(marks, file)
    except OSError as error:
        raise UsageError(f"Cannot write {path}: {error.strerror}") from None


def _path(shell: object) -> str:
    return os.path.join(shell.profile_dir.location, "db", "bookmarks.json")  # type: ignore[attr-defined]
