"""The stand-in for `ipykernel.connect`."""

from __future__ import annotations

from typing import Any, NoReturn

__all__ = ["connect_qtconsole", "get_connection_file", "get_connection_info"]


def get_connection_file(app: Any = None) -> NoReturn:
    """Raises RuntimeError, because clients reach this kernel through the server, and not by a connection file."""
    raise RuntimeError("This kernel has no connection file: clients reach it through its server")


def get_connection_info(connection_file: str | None = None, unpack: bool = False) -> NoReturn:
    """Raises RuntimeError, because there is no connection file."""
    get_connection_file()


def connect_qtconsole(connection_file: str | None = None, argv: Any = None) -> NoReturn:
    """Raises RuntimeError, because there is no connection file."""
    get_connection_file()
