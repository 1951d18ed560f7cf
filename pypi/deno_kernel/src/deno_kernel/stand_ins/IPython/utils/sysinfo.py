"""The stand-in for `IPython.utils.sysinfo`."""

from __future__ import annotations

import os
import platform
import pprint
import sys
from typing import Any

from IPython.core import release

__all__ = ["get_sys_info", "pkg_info", "sys_info"]


def get_sys_info() -> dict[str, Any]:
    """Returns the versions of this kernel and of its Python."""
    return {
        "commit_hash": "", "commit_source": "", "default_encoding": sys.getdefaultencoding(),
        "ipython_path": os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "ipython_version": release.version,
        "os_name": os.name, "platform": platform.platform(), "sys_executable": sys.executable,
        "sys_platform": sys.platform, "sys_version": sys.version,
    }  # fmt: skip


def pkg_info(pkg_path: str) -> dict[str, Any]:
    """Returns the same as `get_sys_info`."""
    return get_sys_info()


def sys_info() -> str:
    """Returns the versions of this kernel and of its Python as text."""
    return pprint.pformat(get_sys_info())
