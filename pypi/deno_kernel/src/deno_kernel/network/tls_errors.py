"""Errors of handshakes, as the module `ssl` raises them."""

from __future__ import annotations

import ssl
from typing import Any

_VERIFY_ERRORS: dict[str, tuple[int, str]] = {
    "CERT_NOT_YET_VALID": (9, "certificate is not yet valid"),
    "CERT_HAS_EXPIRED": (10, "certificate has expired"),
    "DEPTH_ZERO_SELF_SIGNED_CERT": (18, "self-signed certificate"),
    "SELF_SIGNED_CERT_IN_CHAIN": (19, "self-signed certificate in certificate chain"),
    "UNABLE_TO_GET_ISSUER_CERT_LOCALLY": (20, "unable to get local issuer certificate"),
    "UNABLE_TO_VERIFY_LEAF_SIGNATURE": (20, "unable to get local issuer certificate"),
    "CERT_REVOKED": (23, "certificate revoked"),
}
"""OpenSSL's number and text for the codes of the host's TLS."""
_NAME_ERROR = "ERR_TLS_CERT_ALTNAME_INVALID"


def to_ssl_error(outcome: dict[str, Any], server_hostname: Any) -> ssl.SSLError:
    """Returns the error for a handshake that has failed, as `SocketHost.start_tls` tells it."""
    code, failure = outcome.get("code"), outcome["failure"]
    if code == _NAME_ERROR:
        return _verify_error(62, f"Hostname mismatch, certificate is not valid for '{server_hostname}'.")
    if code in _VERIFY_ERRORS:
        return _verify_error(*_VERIFY_ERRORS[code])
    if "certificate" in failure.lower():
        return _verify_error(1, failure)
    if code in ("ECONNRESET", "EPIPE") or "has ended the connection" in failure:
        error = ssl.SSLEOFError(8, f"[SSL: UNEXPECTED_EOF_WHILE_READING] {failure}")
        error.reason = "UNEXPECTED_EOF_WHILE_READING"
        return error
    error = ssl.SSLError(1, f"[SSL] {failure}")
    error.reason = code or "SSL"
    return error


def _verify_error(number: int, text: str) -> ssl.SSLError:
    error = ssl.SSLCertVerificationError(1, f"[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: {text}")
    error.verify_code, error.verify_message = number, text
    error.reason, error.library = "CERTIFICATE_VERIFY_FAILED", "SSL"
    return error
