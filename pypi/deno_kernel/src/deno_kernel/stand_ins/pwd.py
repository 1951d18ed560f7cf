"""The stand-in for `pwd`, which this platform lacks: the one user that there is."""

from __future__ import annotations

import os
from typing import NamedTuple

__all__ = ["getpwall", "getpwnam", "getpwuid", "struct_passwd"]


class struct_passwd(NamedTuple):  # noqa: N801 - the name of the real one
    """A user, as the password database describes it."""

    pw_name: str
    pw_passwd: str
    pw_uid: int
    pw_gid: int
    pw_gecos: str
    pw_dir: str
    pw_shell: str


def getpwall() -> list[struct_passwd]:
    """Returns every user."""
    name = os.environ.get("LOGNAME", "pyodide")
    home = os.environ.get("HOME", "/")
    return [struct_passwd(name, "x", os.getuid(), os.getgid(), "", home, "")]


def getpwuid(uid: int, /) -> struct_passwd:
    """Returns the user with that id; raises KeyError when there is none."""
    for user in getpwall():
        if user.pw_uid == uid:
            return user
    raise KeyError(f"getpwuid(): uid not found: {uid}")


def getpwnam(name: str, /) -> struct_passwd:
    """Returns the user with that name; raises KeyError when there is none."""
    for user in getpwall():
        if user.pw_name == name:
            return user
    raise KeyError(f"getpwnam(): name not found: {name!r}")
