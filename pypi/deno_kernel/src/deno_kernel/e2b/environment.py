"""Changes environment variables for one execution."""

from __future__ import annotations

import json
import os

_kept: list[dict[str, str | None]] = []


def change(variables: str) -> None:
    """Sets environment variables, which are JSON, until `restore` brings back those that were."""
    values = json.loads(variables)
    _kept.append({name: os.environ.get(name) for name in values})
    os.environ.update(values)


def restore() -> None:
    """Brings back the variables that the last `change` has replaced."""
    for name, value in _kept.pop().items() if _kept else ():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
