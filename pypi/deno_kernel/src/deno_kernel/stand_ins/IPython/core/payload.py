"""The stand-in for `IPython.core.payload`."""

from __future__ import annotations

from typing import Any

__all__ = ["PayloadManager"]


class PayloadManager:
    """A `PayloadManager` collects what a reply tells the front end."""

    def __init__(self, **options: Any) -> None:
        self._payload: list[dict[str, Any]] = []

    def write_payload(self, data: dict[str, Any], single: bool = True) -> None:
        """Adds a payload; with `single`, it replaces one of the same source."""
        if not isinstance(data, dict):
            raise TypeError(f"Each payload write must be a dict, got: {data!r}")
        if single:
            self._payload = [old for old in self._payload if old.get("source") != data.get("source")]
        self._payload.append(data)

    def read_payload(self) -> list[dict[str, Any]]:
        """Returns the payloads."""
        return self._payload

    def clear_payload(self) -> None:
        """Removes the payloads."""
        self._payload = []
