"""The stand-in for `IPython.core.autocall`."""

from __future__ import annotations

from typing import Any, NoReturn

__all__ = ["ExitAutocall", "IPyAutocall", "ZMQExitAutocall"]


class IPyAutocall:
    """An `IPyAutocall` is an object that is called when its name is the line of a cell."""

    rewrite = True

    def __init__(self, ip: Any = None) -> None:
        self._ip = ip

    def set_ip(self, ip: Any) -> None:
        """Sets the shell."""
        self._ip = ip


class ExitAutocall(IPyAutocall):
    """An `ExitAutocall` ends the cell when it is called."""

    rewrite = False

    def __call__(self) -> NoReturn:
        raise SystemExit


class ZMQExitAutocall(ExitAutocall):
    """A `ZMQExitAutocall` ends the cell when it is called; the kernel goes on."""

    def __call__(self, keep_kernel: bool = False) -> NoReturn:
        raise SystemExit
