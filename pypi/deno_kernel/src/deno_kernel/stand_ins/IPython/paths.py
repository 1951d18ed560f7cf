"""The stand-in for `IPython.paths`."""

from __future__ import annotations

import os

__all__ = [
    "get_ipython_cache_dir", "get_ipython_dir", "get_ipython_module_path", "get_ipython_package_dir",
    "locate_profile",
]  # fmt: skip


def get_ipython_dir() -> str:
    """Returns the directory in which IPython's magics keep what they know."""
    return os.path.expanduser(os.environ.get("IPYTHONDIR") or os.path.join("~", ".ipython"))


def get_ipython_cache_dir() -> str:
    """Returns the directory of files that can be made again."""
    return get_ipython_dir()


def get_ipython_package_dir() -> str:
    """Returns the directory of the package `IPython`."""
    import IPython

    return os.path.dirname(os.path.abspath(IPython.__file__ or ""))


def get_ipython_module_path(module_str: str) -> str:
    """Returns the path of the file of a module."""
    import importlib

    module = get_ipython_package_dir() if module_str == "IPython" else importlib.import_module(module_str).__file__
    return os.path.abspath(module or "")


def locate_profile(profile: str = "default") -> str:
    """Returns the directory of a profile; raises OSError if it does not exist."""
    path = os.path.join(get_ipython_dir(), f"profile_{profile}")
    if not os.path.isdir(path):
        raise OSError(f"Profile {profile!r} not found.")
    return path
