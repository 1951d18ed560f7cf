"""The stand-in for `IPython.utils.version`."""

from __future__ import annotations

__all__ = ["check_version"]


def check_version(v: str, check: str) -> bool:
    """Returns true if a version is not lower than another."""

    def parts(text: str) -> list[int]:
        return [int(part) for part in text.split(".") if part.isdigit()]

    return parts(v) >= parts(check)
