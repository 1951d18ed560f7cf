"""Texts of addresses and names of services, which the C library of this Python does not know."""

from __future__ import annotations

import socket
from typing import Any

import _socket

from ..waiting.builtin_function import BuiltinFunction

_SERVICES = {
    "ftp-data": 20, "ftp": 21, "ssh": 22, "telnet": 23, "smtp": 25, "domain": 53, "http": 80, "pop3": 110, "nntp": 119,
    "ntp": 123, "imap2": 143, "ldap": 389, "https": 443, "submissions": 465, "submission": 587, "ldaps": 636,
    "imaps": 993, "pop3s": 995, "mysql": 3306, "postgresql": 5432, "amqp": 5672, "redis": 6379, "http-alt": 8080,
}  # fmt: skip
_OTHER_NAMES = {"imap": 143, "www": 80, "smtps": 465}
_PROTOCOLS = ("tcp", "udp", None)

# Those of Python, also when a second kernel is installed.
_pton, _ntop = _socket.inet_pton, _socket.inet_ntop


def port_of(service: Any) -> Any:
    """Returns the port of a service that is named, and anything else as it is."""
    name = service.decode("ascii", "replace") if isinstance(service, (bytes, bytearray)) else service
    return _ports().get(name, service) if isinstance(name, str) else service


def _ports() -> dict[str, int]:
    return _SERVICES | _OTHER_NAMES


def getservbyname(name: str, proto: str | None = None, /) -> int:
    """Returns the port of a service."""
    port = _ports().get(name)
    if port is None or proto not in _PROTOCOLS:
        raise OSError("service/proto not found")
    return port


def getservbyport(port: int, proto: str | None = None, /) -> str:
    """Returns the name of the service that has a port."""
    if not 0 <= port <= 0xFFFF:
        raise OverflowError("getservbyport: port must be 0-65535.")
    for name, number in _SERVICES.items():
        if number == port and proto in _PROTOCOLS:
            return name
    raise OSError("port/proto not found")


def inet_pton(family: int, text: str, /) -> bytes:
    """Returns the bytes of an address."""
    if family != socket.AF_INET6:
        return _pton(family, text)
    from ipaddress import IPv6Address

    try:
        address = IPv6Address(text)
    except ValueError:
        address = None
    if address is None or address.scope_id is not None:
        raise OSError("illegal IP address string passed to inet_pton")
    return address.packed


def inet_ntop(family: int, packed: Any, /) -> str:
    """Returns the text of an address."""
    if family != socket.AF_INET6:
        return _ntop(family, packed)
    from ipaddress import IPv6Address

    data = bytes(memoryview(packed))
    if len(data) != 16:
        raise ValueError("invalid length of packed IP address string")
    return str(IPv6Address(data))


def install() -> None:
    """Makes these functions those of the module `socket`."""
    for function in (getservbyname, getservbyport, inet_pton, inet_ntop):
        name = function.__name__
        setattr(socket, name, BuiltinFunction(function, getattr(_socket, name), "_socket"))
    # Python is built without IPv6, but the host connects its sockets by it.
    socket.has_ipv6 = _socket.has_ipv6 = True  # type: ignore[misc]
