"""The module `ssl`, on the TLS of the host: the platform has none of its own."""

from __future__ import annotations

import base64
import errno
import os
import re
import ssl
from pathlib import Path
from typing import Any, NoReturn

import _socket
import _ssl

from ..waiting.builtin_function import BuiltinFunction
from .certificates import certificate_dict
from .host import SocketWaits
from .tls_errors import to_ssl_error

_SERVERS = "This kernel has no servers: its sockets can connect to hosts, but not listen"
_PLAIN_INIT = _socket.socket.__init__
_CERTIFICATE = re.compile(r"-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----.*?-----END [A-Z0-9 ]*-----", re.DOTALL)
_DEFAULT_CIPHERS = ("TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256")


class SSLContext(ssl.SSLContext):
    """An `SSLContext` holds the settings of connections."""

    def __init__(self, protocol: Any = None, *args: Any, **options: Any) -> None:
        super().__init__(protocol, *args, **options)
        self._authorities: list[str] = []
        self._trusts_defaults = False
        self._certificate: dict[str, str] = {}
        self._protocols: list[str] | None = None

    @property
    def hostname_checks_common_name(self) -> bool:
        """False: the host looks for a server's name among the alternative names of its certificate alone."""
        return False

    @hostname_checks_common_name.setter
    def hostname_checks_common_name(self, value: bool) -> None:
        if value:
            raise AttributeError("hostname_checks_common_name")

    def load_default_certs(self, purpose: Any = ssl.Purpose.SERVER_AUTH) -> None:
        """Trusts the authorities of the file that `SSL_CERT_FILE` names, or else those that the host trusts."""
        super().load_default_certs(purpose)
        self.set_default_verify_paths()

    def set_default_verify_paths(self) -> None:
        """Does the same as `load_default_certs`."""
        file = os.environ.get("SSL_CERT_FILE")
        if file and os.path.exists(file):
            self.load_verify_locations(file)
        else:
            self._trusts_defaults = True

    def load_verify_locations(self, cafile: Any = None, capath: Any = None, cadata: Any = None) -> None:
        """Trusts the authorities in a file, in the files of a directory, and in a text or bytes."""
        if cafile is None and capath is None and cadata is None:
            raise TypeError("cafile, capath and cadata cannot be all omitted")
        if cafile is not None:
            self._trust(Path(os.fsdecode(cafile)).read_text("latin-1"), str(cafile))
        if capath is not None:
            for path in Path(os.fsdecode(capath)).iterdir():
                self._authorities += _CERTIFICATE.findall(path.read_text("latin-1")) if path.is_file() else []
        if isinstance(cadata, str):
            self._trust(cadata, "cadata")
        elif cadata is not None:
            self._authorities += [ssl.DER_cert_to_PEM_cert(der) for der in _certificates_of(bytes(cadata))]

    def _trust(self, text: str, origin: str) -> None:
        found = _CERTIFICATE.findall(text)
        if not found:
            raise ssl.SSLError(136, f"[X509: NO_CERTIFICATE_OR_CRL_FOUND] no certificate or crl found: {origin}")
        self._authorities += found

    def load_cert_chain(self, certfile: Any, keyfile: Any = None, password: Any = None) -> None:
        """Uses a certificate with its key for this side of connections."""
        certificate = Path(os.fsdecode(certfile)).read_text("latin-1")
        key = certificate if keyfile is None else Path(os.fsdecode(keyfile)).read_text("latin-1")
        self._certificate = {"certificate": certificate, "key": key}
        secret = password() if callable(password) else password
        if secret is not None:
            self._certificate["password"] = secret if isinstance(secret, str) else bytes(secret).decode()

    def set_alpn_protocols(self, alpn_protocols: Any) -> None:
        """Offers these protocols to servers."""
        protocols = [str(protocol) for protocol in alpn_protocols]
        if any(not 0 < len(protocol) < 256 for protocol in protocols):
            raise ssl.SSLError("ALPN protocols must be 1 to 255 bytes long")
        self._protocols = protocols

    def get_ca_certs(self, binary_form: bool = False) -> list[Any]:
        """Returns the trusted authorities that were loaded, in their binary form."""
        return [ssl.PEM_cert_to_DER_cert(pem) for pem in self._authorities] if binary_form else []

    def cert_store_stats(self) -> dict[str, int]:
        """Returns the number of trusted authorities that were loaded."""
        return {"x509": len(self._authorities), "crl": 0, "x509_ca": len(self._authorities)}

    def get_ciphers(self) -> list[dict[str, Any]]:
        """Returns the ciphers of TLS 1.3, which the host offers."""
        return [{"name": name, "protocol": "TLSv1.3"} for name in _DEFAULT_CIPHERS]

    def tls_options(self, server_hostname: str | None) -> dict[str, Any]:
        """Returns the settings of a connection, as `SocketHost.start_tls` takes them."""
        if self.check_hostname and not server_hostname:
            raise ValueError("check_hostname requires server_hostname")
        options: dict[str, Any] = {
            "verifies": self.verify_mode != ssl.CERT_NONE,
            "checksName": self.check_hostname,
            **self._certificate,
            **self._versions(),
        }
        if server_hostname:
            options["serverName"] = self._encode_hostname(server_hostname)
        if not self._trusts_defaults:
            options["authorities"] = self._authorities
        elif self._authorities:
            options["moreAuthorities"] = self._authorities
        if self._protocols:
            options["protocols"] = self._protocols
        return options

    def _versions(self) -> dict[str, str]:
        names = {"minVersion": self.minimum_version, "maxVersion": self.maximum_version}
        known = {int(ssl.TLSVersion.TLSv1_2): "TLSv1.2", int(ssl.TLSVersion.TLSv1_3): "TLSv1.3"}
        found = {name: known[int(value)] for name, value in names.items() if int(value) in known}
        if self.options & ssl.OP_NO_TLSv1_3:
            found["maxVersion"] = "TLSv1.2"
        if self.options & ssl.OP_NO_TLSv1_2:
            found["minVersion"] = "TLSv1.3"
        return found


class TlsSession:
    """A `TlsSession` tells about the outcome of a handshake, as `ssl.SSLSocket` and `ssl.SSLObject` do."""

    _outcome: dict[str, Any] | None
    _context: Any
    _server_hostname: Any

    def begin(self, context: Any, server_hostname: Any) -> None:
        """Sets what the handshake will be made with."""
        self._outcome = None
        self._context = context
        self._server_hostname = server_hostname

    context = property(lambda self: self._context)
    server_hostname = property(lambda self: self._server_hostname)
    server_side = property(lambda self: False)

    def adopt(self, outcome: dict[str, Any]) -> None:
        """Takes the outcome of a handshake; raises `SSLError` if it has failed."""
        if "failure" in outcome:
            raise to_ssl_error(outcome, self._server_hostname)
        self._outcome = outcome

    def getpeercert(self, binary_form: bool = False) -> Any:
        """Returns the server's certificate: its bytes, or what is in it, which is nothing if it was not verified."""
        outcome = self._handshake()
        if binary_form:
            chain = self.get_unverified_chain()
            return chain[0] if chain else None
        if self._context.verify_mode == ssl.CERT_NONE or outcome["certificate"] is None:
            return {}
        return certificate_dict(outcome["certificate"])

    def get_unverified_chain(self) -> list[bytes]:
        """Returns the certificates that the server has sent, in their binary form."""
        return [base64.b64decode(der) for der in self._handshake()["chain"]]

    def get_verified_chain(self) -> list[bytes]:
        """Returns the certificates up to the trusted authority, in their binary form."""
        return self.get_unverified_chain()

    def selected_alpn_protocol(self) -> str | None:
        """Returns the protocol that the server has chosen."""
        return self._outcome and self._outcome["protocol"]

    def cipher(self) -> tuple[str, str, int] | None:
        """Returns the name of the cipher, the version of TLS, and the bits of its key."""
        if self._outcome is None:
            return None
        name = self._outcome["cipher"]
        return name, self._outcome["version"], 128 if "128" in name else 256

    def version(self) -> str | None:
        """Returns the version of TLS."""
        return self._outcome and self._outcome["version"]

    def get_channel_binding(self, cb_type: str = "tls-unique") -> None:
        """Returns None: the host tells no bindings."""

    def _handshake(self) -> dict[str, Any]:
        if self._outcome is None:
            raise ValueError("handshake not done yet")
        return self._outcome


class SSLSocket(TlsSession, ssl.SSLSocket):
    """An `SSLSocket` is an encrypted connection. Its bytes are those of `socket.socket`, which the host decrypts."""

    waits: SocketWaits

    @classmethod
    def _create(
        cls, sock: Any, server_side: bool = False, do_handshake_on_connect: bool = True,
        suppress_ragged_eofs: bool = True, server_hostname: Any = None, context: Any = None, session: Any = None,
    ) -> SSLSocket:  # fmt: skip
        if server_side:
            raise NotImplementedError(_SERVERS)
        context.tls_options(server_hostname)  # This raises what is wrong with the settings.
        timeout = sock.gettimeout()
        self = cls.__new__(cls)
        _PLAIN_INIT(self, sock.family, sock.type, sock.proto, sock.fileno())
        self._io_refs, self._closed = 0, False
        sock.detach()
        self.settimeout(timeout)
        self.begin(context, server_hostname)
        self._sslobj, self._session, self._server_side = None, session, server_side
        self._suppress_ragged_eofs = suppress_ragged_eofs
        self.do_handshake_on_connect = do_handshake_on_connect
        try:
            self.getpeername()
            self._connected = True
        except OSError:
            self._connected = False
        if self._connected and do_handshake_on_connect:
            if timeout == 0:
                self.close()
                raise ValueError("do_handshake_on_connect should not be specified for non-blocking sockets")
            try:
                self.do_handshake()
            except BaseException:
                self.close()
                raise
        return self

    def do_handshake(self, block: bool = False) -> None:
        """Makes the handshake; raises `SSLError`, or `TimeoutError` if it takes too long."""
        if self._outcome is not None:
            return
        fd, timeout = self.fileno(), self.gettimeout()
        starting = self.waits.host.start_tls(fd, self._context.tls_options(self._server_hostname))
        try:
            # A non-blocking socket would have to ask again and again; handshakes are short.
            outcome = self.waits.run(starting, None if block or timeout == 0 else timeout)
        except TimeoutError:
            raise TimeoutError("The handshake operation timed out") from None
        finally:
            self.waits.host.abandon(fd)
        self.adopt(outcome)

    def connect(self, addr: Any) -> None:
        """Connects, and makes the handshake."""
        ssl.socket.connect(self, addr)
        self._connected = True
        if self.do_handshake_on_connect:
            self.do_handshake()

    def connect_ex(self, addr: Any) -> int:
        """Does the same, and returns the number of the error of connecting."""
        failed = ssl.socket.connect_ex(self, addr)
        if failed == 0:
            self._connected = True
            if self.do_handshake_on_connect:
                self.do_handshake()
        return failed

    def recvfrom(self, buflen: int = 1024, flags: int = 0) -> NoReturn:
        raise ValueError(f"recvfrom not allowed on instances of {type(self)}")

    def recvfrom_into(self, buffer: Any, nbytes: Any = None, flags: int = 0) -> NoReturn:
        raise ValueError(f"recvfrom_into not allowed on instances of {type(self)}")

    def sendto(self, data: Any, flags_or_addr: Any, addr: Any = None) -> NoReturn:
        raise ValueError(f"sendto not allowed on instances of {type(self)}")

    def recv_into(self, buffer: Any, nbytes: Any = None, flags: int = 0) -> int:
        return ssl.socket.recv_into(self, buffer, nbytes or 0, flags)

    def read(self, len: int = 1024, buffer: Any = None) -> Any:
        """Reads at most so many bytes, into the buffer if there is one."""
        return self.recv(len) if buffer is None else self.recv_into(buffer, len)

    def sendfile(self, file: Any, offset: int = 0, count: Any = None) -> int:
        """Sends the bytes of a file."""
        return self._sendfile_use_send(file, offset, count)

    def pending(self) -> int:
        """Returns the number of bytes that can be read at once."""
        import array
        import fcntl

        waiting = array.array("i", [0])
        fcntl.ioctl(self.fileno(), 21531, waiting)
        return waiting[0]

    def shutdown(self, how: int) -> None:
        """Ends one side or both."""
        ssl.socket.shutdown(self, how)

    def unwrap(self) -> NoReturn:
        raise OSError(errno.ENOTSUP, "Not supported: this kernel's TLS ends with its connection")


def _certificates_of(data: bytes) -> list[bytes]:
    """Splits certificates in their binary form that follow each other."""
    found, at = [], 0
    while at + 4 <= len(data) and data[at] == 0x30:
        first = data[at + 1]
        head = 2 if first < 0x80 else 2 + (first & 0x7F)
        size = first if first < 0x80 else int.from_bytes(data[at + 2 : at + head])
        found.append(data[at : at + head + size])
        at += head + size
    if not found:
        raise ssl.SSLError("not enough data: cadata does not contain a certificate")
    return found


def _get_server_certificate(waits: SocketWaits) -> Any:
    def get_server_certificate(
        addr: Any, ssl_version: Any = ssl.PROTOCOL_TLS_CLIENT, ca_certs: Any = None, timeout: Any = None
    ) -> str:
        """Returns the certificate of a server, in PEM."""
        context = SSLContext(ssl_version)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE if ca_certs is None else ssl.CERT_REQUIRED
        if ca_certs is not None:
            context.load_verify_locations(ca_certs)
        with ssl.create_connection(addr, timeout) as sock, context.wrap_socket(sock, server_hostname=addr[0]) as tls:
            return ssl.DER_cert_to_PEM_cert(tls.getpeercert(True))

    return get_server_certificate


def install(waits: SocketWaits) -> None:
    """Makes these classes those of the module `ssl`."""
    SSLSocket.waits = waits
    for kind in (SSLContext, SSLSocket):
        kind.__module__ = "ssl"
        setattr(ssl, kind.__name__, kind)
    SSLContext.sslsocket_class = SSLSocket
    SSLContext.wrap_socket = _wrap_socket  # type: ignore[method-assign]
    ssl.get_server_certificate = BuiltinFunction(
        _get_server_certificate(waits), ssl.get_server_certificate, "ssl"
    )  # type: ignore[assignment]
    ssl.HAS_TLSv1_3 = _ssl.HAS_TLSv1_3 = True


def _wrap_socket(
    self: Any, sock: Any, server_side: bool = False, do_handshake_on_connect: bool = True,
    suppress_ragged_eofs: bool = True, server_hostname: Any = None, session: Any = None,
) -> Any:  # fmt: skip
    """Returns a socket that is encrypted, in the place of a plain one."""
    return self.sslsocket_class._create(
        sock, server_side, do_handshake_on_connect, suppress_ragged_eofs, server_hostname, self, session
    )
