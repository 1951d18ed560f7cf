"""The stand-in for `IPython.utils.dir2`."""

from __future__ import annotations

from typing import Any

from deno_kernel.display.formatters import real_method as get_real_method

__all__ = ["dir2", "get_real_method", "safe_hasattr"]


def safe_hasattr(obj: Any, attr: str) -> bool:
    """Returns true if an object has an attribute; false if asking raises."""
    try:
        getattr(obj, attr)
    except Exception:
        return False
    return True


def dir2(obj: Any) -> list[str]:
    """Returns the names of the attributes of an object, sorted, also of one whose `dir` fails."""
    try:
        names = set(dir(obj))
    except Exception:
        names = set()
    return sorted(name for name in names if isinstance(name, str))
