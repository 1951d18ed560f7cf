"""Recognises the commands of a shell that call pip."""

from __future__ import annotations

import os
import re

_PIP = re.compile(
    r"(?:\S*/)?(?:pip[\d.]*|uv\s+pip|python[\d.]*\s+-m\s+pip)(?:\s+(?P<arguments>.*))?", re.DOTALL
)
_OUTPUT = re.compile(r"\s+(?:[12]?|&)>{1,2}\s*(?P<to>&?[^\s&]+)")


def pip_commands(command: str) -> list[str] | None:
    """Returns the arguments of each call of pip in a command line; None if it does anything else.

    What is piped into another program is shown as it is. Without processes nothing else could be done with it.
    """
    found = []
    for part in re.split(r"\s*(?:&&|;)\s*", command.strip()):
        part = re.split(r"\s\|{1,2}\s", part)[0]
        silent = any(it["to"] == os.devnull for it in _OUTPUT.finditer(part))
        match = _PIP.fullmatch(_OUTPUT.sub("", part).strip())
        if match is None:
            return None
        found.append(f"{match['arguments'] or ''}{' -q' if silent else ''}".strip())
    return found
