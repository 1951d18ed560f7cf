"""A package of which only its modules are of interest."""

from __future__ import annotations

__all__: list[str] = []
