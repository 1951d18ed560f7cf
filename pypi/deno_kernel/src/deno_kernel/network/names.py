"""`getaddrinfo` and its relatives, on the host's look-ups: those in C make addresses up."""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable
from typing import Any

import _socket

from ..waiting.builtin_function import BuiltinFunction
from .addresses import port_of
from .host import SocketWaits

_NUMERIC = 4
"""AI_NUMERICHOST: the host is an address."""
_CONFIGURED = 0x20
"""AI_ADDRCONFIG: only families that this machine has addresses of; the function in C fails with it."""
_NO_HOSTS = "the kernel was granted no hosts"
_OWN_ADDRESSES = ["127.0.0.1"]


class RefusedNameError(PermissionError, socket.gaierror):
    """A `RefusedNameError` is the PermissionError of a look-up, of which programs expect `gaierror`."""


RefusedNameError.__name__ = RefusedNameError.__qualname__ = "PermissionError"
RefusedNameError.__module__ = "builtins"


class Names:
    """A `Names` looks names up."""

    def __init__(self, waits: SocketWaits, plain: Callable[..., Any] = _socket.getaddrinfo) -> None:
        self._waits = waits
        self._plain = plain

    def getaddrinfo(
        self, host: Any, port: Any, family: int = 0, type: int = 0, proto: int = 0, flags: int = 0
    ) -> list[Any]:
        """Returns the addresses of a host, as `socket.getaddrinfo` promises."""
        name, port = _ascii(host), port_of(port)
        flags &= ~_CONFIGURED
        if name == "":
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        if name is None or flags & _NUMERIC or _is_address(name, self._plain):
            return [_whole(entry, name, flags) for entry in self._plain(name, port, family, type, proto, flags)]
        found = [
            entry
            for address in self.addresses(name)
            if family in (0, _family_of(address))
            for plain in self._plain(address, port, 0, type, proto, flags & ~2 | _NUMERIC)
            for entry in [_whole(plain, address, flags)]
        ]
        if not found:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        if flags & socket.AI_CANONNAME:
            found[0] = (*found[0][:3], name, found[0][4])
        return found

    def gethostbyname(self, hostname: Any, /) -> str:
        """Returns the first address of IPv4 that a host has."""
        return self.gethostbyname_ex(hostname)[2][0]

    def gethostbyname_ex(self, hostname: Any, /) -> tuple[str, list[str], list[str]]:
        """Returns the name of a host, its other names, which nobody knows here, and its addresses of IPv4."""
        found = self.getaddrinfo(hostname, 0, socket.AF_INET, socket.SOCK_STREAM)
        return str(hostname), [], [entry[4][0] for entry in found]

    def addresses(self, name: str) -> list[str]:
        """Waits for the addresses of a name."""
        return _OWN_ADDRESSES if _is_own(name) else _checked(self._waits.run(self._waits.host.look_up(name)))

    async def find(self, host: Any, port: Any, **options: Any) -> list[Any]:
        """Does the same as `getaddrinfo`, for code that awaits."""
        name = _ascii(host)
        if name is None or _is_own(name) or _is_address(name, self._plain):
            return self.getaddrinfo(host, port, **options)
        found = _checked(await self._waits.host.look_up(name))
        return Names(_Known(found), self._plain).getaddrinfo(host, port, **options)  # type: ignore[arg-type]


class _Known:
    """A `_Known` takes the place of waits for a name whose addresses are known."""

    def __init__(self, addresses: list[str]) -> None:
        self.host = self
        self._addresses = addresses

    def look_up(self, name: str) -> list[str]:
        return self._addresses

    def run(self, addresses: list[str]) -> list[str]:
        return addresses


def _checked(found: list[str] | OSError) -> list[str]:
    # Raised here, and not where it was made: the traceback of a coroutine would show how the kernel waits.
    if isinstance(found, PermissionError):
        raise RefusedNameError(found.errno, found.strerror)
    if isinstance(found, OSError) and found.errno == errno.ENETUNREACH:
        raise socket.gaierror(socket.EAI_AGAIN, f"Temporary failure in name resolution: {_NO_HOSTS}")
    if isinstance(found, OSError):
        raise found
    return found


def _is_own(name: str) -> bool:
    """Returns true for the names of this machine for itself."""
    return name.lower() in ("localhost", _socket.gethostname().lower())


def _ascii(host: Any) -> str | None:
    if host is None:
        return None
    if isinstance(host, (bytes, bytearray)):
        return bytes(host).decode("ascii")
    if not isinstance(host, str):
        raise TypeError("getaddrinfo() argument 1 must be string or None")
    if "\0" in host:
        raise ValueError("embedded null character")
    return host if host.isascii() else host.encode("idna").decode("ascii")


def _is_address(name: str, plain: Callable[..., Any]) -> bool:
    try:
        plain(name, 0, 0, 0, 0, _NUMERIC)
    except OSError:
        return False
    return True


def _whole(entry: tuple[Any, ...], address: str | None, flags: int) -> tuple[Any, ...]:
    """Returns an entry of `getaddrinfo` with its address as programs expect it.

    This Python is built without IPv6, and gives the bytes of such an address: those of the port come first.
    """
    place = entry[4]
    if entry[0] != socket.AF_INET6 or not isinstance(place[1], bytes):
        return entry
    if address is None:
        address = "::" if flags & socket.AI_PASSIVE else "::1"
    return (*entry[:4], (address.partition("%")[0].lower(), int.from_bytes(place[1][:2], "big"), 0, 0))


def _family_of(address: str) -> int:
    return int(socket.AF_INET6 if ":" in address else socket.AF_INET)


def install(names: Names) -> None:
    """Makes these functions those of the module `socket`."""
    for name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex"):
        function = BuiltinFunction(getattr(names, name), getattr(_socket, name), "_socket")
        setattr(_socket, name, function)
        if name != "getaddrinfo":  # The one of `socket` is Python code, which calls this one.
            setattr(socket, name, function)
