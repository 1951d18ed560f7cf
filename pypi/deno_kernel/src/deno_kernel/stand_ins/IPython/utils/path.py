"""The stand-in for `IPython.utils.path`."""

from __future__ import annotations

import glob
import os
import shutil
from collections.abc import Callable, Iterable, Sequence

__all__ = [
    "HomeDirError", "compress_user", "ensure_dir_exists", "expand_path", "filefind", "get_home_dir",
    "get_long_path_name", "get_py_filename", "get_xdg_cache_dir", "get_xdg_dir", "link_or_copy", "shellglob",
    "target_outdated", "target_update", "unescape_glob",
]  # fmt: skip


class HomeDirError(Exception):
    """A `HomeDirError` says that there is no home directory."""


def get_home_dir(require_writable: bool = False) -> str:
    """Returns the home directory; raises HomeDirError if it must be writable and is not."""
    home = os.path.realpath(os.path.expanduser("~"))
    if require_writable and not os.access(home, os.W_OK):
        raise HomeDirError(f"{home} is not a writable dir, set $HOME environment variable to override")
    return home


def get_xdg_dir() -> str | None:
    """Returns the directory of settings; None if there is none."""
    path = os.environ.get("XDG_CONFIG_HOME") or os.path.join(get_home_dir(), ".config")
    return path if os.path.isdir(path) and os.access(path, os.W_OK) else None


def get_xdg_cache_dir() -> str | None:
    """Returns the directory of caches; None if there is none."""
    path = os.environ.get("XDG_CACHE_HOME") or os.path.join(get_home_dir(), ".cache")
    return path if os.path.isdir(path) and os.access(path, os.W_OK) else None


def get_py_filename(name: str) -> str:
    """Returns the path of a script, with `.py` if it was left out; raises OSError if there is none."""
    name = os.path.expanduser(name)
    for path in (name, name + ".py"):
        if os.path.isfile(path):
            return path
    raise OSError(f"File `{name!r}` not found.")


def filefind(filename: str, path_dirs: Sequence[str] | str | None = None) -> str:
    """Returns the path of a file in one of some directories; raises OSError if there is none."""
    filename = filename.strip("\"").strip("'")
    if os.path.isabs(filename) and os.path.isfile(filename):
        return filename
    directories = ("",) if path_dirs is None else (path_dirs,) if isinstance(path_dirs, str) else path_dirs
    for directory in directories:
        path = expand_path(os.path.join(os.getcwd() if directory == "." else directory, filename))
        if os.path.isfile(path):
            return os.path.abspath(path)
    raise OSError(f"File {filename!r} does not exist in any of the search paths: {directories!r}")


def expand_path(s: str) -> str:
    """Returns a path with `~` and variables of the environment replaced."""
    return os.path.expandvars(os.path.expanduser(s))


def compress_user(path: str) -> str:
    """Returns a path with `~` for the home directory."""
    home = os.path.expanduser("~")
    return "~" + path[len(home) :] if home != "/" and path.startswith(home) else path


def unescape_glob(string: str) -> str:
    """Returns a pattern without the backslashes before its special characters."""
    for char in "\\*[]!?":
        string = string.replace("\\" + char, char)
    return string


def shellglob(args: Iterable[str]) -> list[str]:
    """Returns the files that patterns match; a pattern that matches none stays."""
    return [path for arg in args for path in (glob.glob(arg) or [unescape_glob(arg)])]


def ensure_dir_exists(path: str, mode: int = 0o755) -> None:
    """Makes a directory, and those above it, unless it exists."""
    os.makedirs(path, mode=mode, exist_ok=True)


def target_outdated(target: str, deps: Iterable[str]) -> int:
    """Returns 1 if a file is older than one of others or missing, and 0 otherwise."""
    try:
        made = os.path.getmtime(target)
    except OSError:
        return 1
    return int(any(os.path.getmtime(dep) > made for dep in deps))


def target_update(target: str, deps: Iterable[str], cmd: Callable[[], object]) -> None:
    """Calls a function if a file is older than one of others or missing."""
    if target_outdated(target, deps):
        cmd()


def link_or_copy(src: str, dst: str) -> None:
    """Copies a file; a directory as target gets it under its own name."""
    shutil.copy2(src, os.path.join(dst, os.path.basename(src)) if os.path.isdir(dst) else dst)


def get_long_path_name(path: str) -> str:
    """Returns a path unchanged, as on every system but Windows."""
    return path
