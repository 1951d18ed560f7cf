"""`ssl.SSLObject`: TLS on bytes that the program itself carries, in two `ssl.MemoryBIO`."""

from __future__ import annotations

import ssl
import weakref
from typing import Any

from .host import SocketWaits
from .tls import SSLContext, TlsSession


class SSLObject(TlsSession, ssl.SSLObject):
    """An `SSLObject` is what `SSLContext.wrap_bio` returns."""

    waits: SocketWaits

    @classmethod
    def _create(
        cls, incoming: Any, outgoing: Any, server_side: bool = False, server_hostname: Any = None, session: Any = None,
        context: Any = None,
    ) -> SSLObject:  # fmt: skip
        if server_side:
            raise NotImplementedError("This kernel has no servers: its sockets can connect to hosts, but not listen")
        self = cls.__new__(cls)
        self.begin(context, server_hostname)
        self._incoming, self._outgoing = incoming, outgoing
        self._fed_end = False
        self._options = context.tls_options(server_hostname)
        self._tls = self.waits.host.memory_tls()
        self._id = 0
        return self

    session = property(lambda self: None)
    session_reused = property(lambda self: False)

    def do_handshake(self) -> None:
        """Goes on with the handshake; raises `SSLWantReadError` until the server has answered, or `SSLError`."""
        if self._outcome is not None:
            return
        if not self._id:
            self._id = self._tls.open(self._options)
            if not self._id:
                raise ssl.SSLError(1, "[SSL] there can be no further session of TLS at a time")
            weakref.finalize(self, self._tls.close, self._id)
        self._exchange()
        outcome = self._tls.outcome(self._id)
        if outcome is None:
            raise _want_read()
        self.adopt(outcome)

    def read(self, len: int = 1024, buffer: Any = None) -> Any:
        """Reads at most so many bytes, into the buffer if there is one; raises `SSLWantReadError` if none have come."""
        self._handshake()
        data = self._tls.read(self._id, len)
        if data is None:
            self._exchange()
            data = self._tls.read(self._id, len)
        if data is None:
            raise _want_read()
        if buffer is None:
            return data
        with memoryview(buffer).cast("B") as view:
            view[: data.__len__()] = data
        return data.__len__()

    def write(self, data: Any) -> int:
        """Writes bytes; returns the number of those that it has taken."""
        self._handshake()
        with memoryview(data) as view, view.cast("B") as plain:
            taken = self._tls.write(self._id, bytes(plain))
        if taken < 0:
            raise ssl.SSLZeroReturnError(6, "TLS/SSL connection has been closed (EOF)")
        self._exchange()
        if taken == 0 and plain_size(data) > 0:
            raise ssl.SSLWantWriteError(3, "The operation did not complete (write)")
        return taken

    def pending(self) -> int:
        """Returns the number of bytes that can be read at once."""
        return self._tls.pending(self._id)

    def unwrap(self) -> None:
        """Tells the other side that nothing more is sent."""
        if self._id:
            self._tls.end(self._id)
            self._exchange()

    def _exchange(self) -> None:
        """Takes what has come, and hands out what is to be sent."""
        if data := self._incoming.read():
            self._tls.feed(self._id, data)
        elif self._incoming.eof and not self._fed_end:
            self._fed_end = True
            self._tls.feed(self._id, None)
        if data := self.waits.run(self._tls.settle(self._id)):
            self._outgoing.write(data)


def plain_size(data: Any) -> int:
    """Returns the number of bytes of a buffer."""
    with memoryview(data) as view:
        return view.nbytes


def _want_read() -> ssl.SSLWantReadError:
    return ssl.SSLWantReadError(2, "The operation did not complete (read)")


def _wrap_bio(
    self: Any, incoming: Any, outgoing: Any, server_side: bool = False, server_hostname: Any = None, session: Any = None
) -> Any:
    """Returns an object that encrypts and decrypts bytes of two `MemoryBIO`."""
    return self.sslobject_class._create(incoming, outgoing, server_side, server_hostname, session, self)


def install(waits: SocketWaits) -> None:
    """Makes this class that of the module `ssl`."""
    SSLObject.waits = waits
    SSLObject.__module__ = "ssl"
    ssl.SSLObject = SSLContext.sslobject_class = SSLObject  # type: ignore[misc]
    SSLContext.wrap_bio = _wrap_bio  # type: ignore[method-assign,assignment]
