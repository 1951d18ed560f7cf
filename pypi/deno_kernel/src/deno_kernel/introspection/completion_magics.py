"""Completes magics, their arguments, and the commands of the shell."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from typing import Any

from ..current import running_shell
from .completion_imports import complete_import
from .completion_reply import Reply

_MAGIC = re.compile(r"^\s*(?:[\w.,\[\]'\" ]+=\s*)?(%{1,2})([\w.]*)\Z")
_WITH_ARGUMENT = re.compile(r"^\s*%{0,2}(\w+)\s+(.*\s)?['\"]?(\S*)\Z")
_SHELL_WORDS = re.compile(r"^\s*(?:[\w.,\[\]'\" ]+=\s*)?(?:!{1,2}|%{1,2}(?:sx|system|bash|sh)\s).*?([^\s'\"=<>|&;]*)\Z")
_WITH_FILES = frozenset({"load", "loadpy", "ls", "writefile", "file", "pycat", "cat", "cp", "mv", "rm", "more", "less", "notebook", "run", "save"})
_SCRIPTS = (".py", ".ipy", ".ipynb")
_WORDS = {
    "colors": "LightBG Linux Neutral NoColor",
    "matplotlib": "inline agg auto",
    "xmode": "Context Minimal Plain Verbose",
    "autoreload": "0 1 2 3 off now explicit all complete",
    "reset": "-f -s in out array dhist",
    "automagic": "on off",
    "pdb": "on off",
}
"""The words that may follow a magic."""


def complete_command(line: str) -> Reply | None:
    """Returns the matches for an argument of a magic or of a command of the shell; None for other text."""
    words = _SHELL_WORDS.match(line)
    if words:
        return paths(words[1])
    return complete_argument(line) if line.lstrip().startswith("%") else None


def complete_argument(line: str) -> Reply | None:
    """Returns the matches for an argument of the magic with which a line begins, perhaps without its sign; None for other text."""
    found = _WITH_ARGUMENT.match(line)
    return argument_of(found[1], found[3], bool(found[2])) if found else None


def argument_of(magic: str, prefix: str, later: bool = False) -> Reply | None:
    """Returns the matches for an argument of a magic, of which `prefix` is typed; None if all Python may follow.

    `later` says that other arguments are before this one.
    """
    if magic == "config":
        return _of(prefix, settings(prefix))
    if magic == "aimport":
        return complete_import(f"import {prefix}", f"import {prefix}", {})
    if magic == "cd":
        return paths(prefix, lambda name, is_directory: is_directory)
    if magic == "run" and not later:
        scripts = paths(prefix, lambda name, is_directory: is_directory or name.endswith(_SCRIPTS))
        return scripts if scripts.matches else paths(prefix)
    if magic in _WITH_FILES:
        return paths(prefix)
    return _of(prefix, _WORDS[magic].split()) if magic in _WORDS else None


def settings(prefix: str) -> list[str]:
    """Returns the sections of `%config` that begin with some text; if it has a dot, the settings of the section."""
    shell = running_shell()
    magic = None if shell is None else shell.find_line_magic("config")
    sections: dict[str, Iterable[str]] = getattr(getattr(magic, "__self__", None), "sections", dict)()
    section, dot, _ = prefix.partition(".")
    if not dot:
        return [name for name in sorted(sections) if name.startswith(prefix)]
    names = (f"{section}.{name}" for name in sorted(sections.get(section, ())))
    return [name for name in names if name.startswith(prefix)]


def complete_magic(line: str, first_line: bool) -> Reply | None:
    """Returns the magics that begin as the end of a line; None if it does not end in the name of one."""
    magic = _MAGIC.match(line)
    if magic is None:
        return None
    matches = magics(magic[1] + magic[2], first_line)
    return Reply(matches, len(magic[1] + magic[2]), dict.fromkeys(matches, "magic"))


def magics(text: str, cells: bool = True) -> list[str]:
    """Returns the magics, with their signs, that begin with a text with one or two signs or with none."""
    shell = running_shell()
    if shell is None:
        return []
    known: Any = shell.magics_manager.magics
    name = text.lstrip("%")
    found = [] if text.startswith("%%") else ["%" + one for one in sorted(known["line"]) if one.startswith(name)]
    return found + (["%%" + one for one in sorted(known["cell"]) if one.startswith(name)] if cells else [])


def _of(prefix: str, words: Iterable[str]) -> Reply:
    return Reply([word for word in words if word.startswith(prefix)], len(prefix))


def paths(prefix: str, wanted: Any = None) -> Reply:
    """Returns the files and directories whose paths begin with a prefix, and that `wanted(name, is_directory)` accepts."""
    folder, name = os.path.split(prefix)
    place = os.path.expanduser(folder) or "."
    try:
        entries = sorted(os.listdir(place))
    except (OSError, ValueError):
        return Reply()
    matches = []
    for entry in entries:
        if not entry.startswith(name) or (entry.startswith(".") and not name.startswith(".")):
            continue
        is_directory = os.path.isdir(os.path.join(place, entry))
        if wanted is None or wanted(entry, is_directory):
            matches.append(entry + ("/" if is_directory else ""))
    return Reply(matches, len(name), dict.fromkeys(matches, "path"))
