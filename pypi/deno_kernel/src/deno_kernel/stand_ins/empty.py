"""The stand-in for packages of which only the modules are used."""

from __future__ import annotations

__all__: list[str] = []
