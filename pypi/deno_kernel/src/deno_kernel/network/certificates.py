"""Certificates as `ssl.SSLSocket.getpeercert` returns them."""

from __future__ import annotations

import re
from typing import Any

_NAMES = {
    "CN": "commonName", "O": "organizationName", "OU": "organizationalUnitName", "C": "countryName",
    "ST": "stateOrProvinceName", "L": "localityName",
}  # fmt: skip


def certificate_dict(certificate: dict[str, Any]) -> dict[str, Any]:
    """Converts a certificate of the host's TLS, as `SocketHost.start_tls` returns it."""
    found: dict[str, Any] = {
        "subject": _name(certificate["subject"]),
        "issuer": _name(certificate["issuer"]),
        "version": 3,
        "serialNumber": certificate["serialNumber"],
        "notBefore": certificate["validFrom"],
        "notAfter": certificate["validTo"],
    }
    names = tuple(
        (kind, value.strip('"'))
        for kind, value in re.findall(r'(DNS|IP Address|URI|email):("[^"]*"|[^,]*)', certificate["names"])
    )
    if names:
        found["subjectAltName"] = names
    return found


def _name(parts: dict[str, str | list[str]]) -> tuple[Any, ...]:
    return tuple(
        ((_NAMES.get(key, key), value),)
        for key, values in parts.items()
        for value in ([values] if isinstance(values, str) else values)
    )
