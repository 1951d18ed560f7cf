"""The stand-in for `grp`, which this platform lacks: the one group that there is."""

from __future__ import annotations

import os
from typing import NamedTuple

__all__ = ["getgrall", "getgrgid", "getgrnam", "struct_group"]


class struct_group(NamedTuple):  # noqa: N801 - the name of the real one
    """A group, as the group database describes it."""

    gr_name: str
    gr_passwd: str
    gr_gid: int
    gr_mem: list[str]


def getgrall() -> list[struct_group]:
    """Returns every group."""
    return [struct_group(os.environ.get("LOGNAME", "pyodide"), "x", os.getgid(), [])]


def getgrgid(gid: int) -> struct_group:
    """Returns the group with that id; raises KeyError when there is none."""
    for group in getgrall():
        if group.gr_gid == gid:
            return group
    raise KeyError(f"getgrgid(): gid not found: {gid}")


def getgrnam(name: str) -> struct_group:
    """Returns the group with that name; raises KeyError when there is none."""
    for group in getgrall():
        if group.gr_name == name:
            return group
    raise KeyError(f"getgrnam(): name not found: {name!r}")
