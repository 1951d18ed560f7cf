"""The methods of `socket.socket` that wait: those in C know of no connection that the kernel's host makes."""

from __future__ import annotations

import errno
import operator
import socket
import sys
import time
import weakref
from collections.abc import Callable
from typing import Any, NoReturn

import _socket

from ..waiting.builtin_function import BuiltinFunction
from .host import SocketWaits

POLLIN = 1
POLLOUT = 4

_PEEK = getattr(socket, "MSG_PEEK", 2)
_WAIT_ALL = getattr(socket, "MSG_WAITALL", 0x100)
_DONT_WAIT = getattr(socket, "MSG_DONTWAIT", 0x40)
_TYPE_FLAGS = getattr(socket, "SOCK_NONBLOCK", 0) | getattr(socket, "SOCK_CLOEXEC", 0)
NO_SERVERS = "Not supported: this kernel's sockets can connect to hosts, but not listen, so there are no servers in it"
_NO_PAIRS = "Not supported: this kernel has no pairs of sockets, because it has no other process to connect with"
NO_DATAGRAMS = "Protocol not supported: this kernel's sockets have TCP only, and neither UDP nor raw packets"

_Base = _socket.socket


class SocketMethods:
    """A `SocketMethods` has the methods, which `install` makes those of `socket.socket`; `sock` is what `self` was."""

    def __init__(self, waits: SocketWaits) -> None:
        self._waits = waits
        self._host = waits.host
        # The options that were set, by level and number.
        self._options: weakref.WeakKeyDictionary[Any, dict[tuple[int, int], Any]] = weakref.WeakKeyDictionary()
        # The peers of connections of IPv6, which C code cannot name.
        self._peers: weakref.WeakKeyDictionary[Any, tuple[str, int, int, int]] = weakref.WeakKeyDictionary()

    def initialize(self, sock: Any, family: int = -1, type: int = -1, proto: int = -1, fileno: Any = None) -> None:
        if fileno is None and type != -1 and type & ~_TYPE_FLAGS != socket.SOCK_STREAM:
            raise OSError(errno.EPROTONOSUPPORT, NO_DATAGRAMS)
        _plain_init(sock, family, type, proto, fileno)

    def connect(self, sock: Any, address: Any) -> None:
        """Connects to a granted host."""
        host, port = _endpoint(sock, address)
        sys.audit("socket.connect", sock, address)
        refusal = self._host.refusal(host, port)
        if refusal is not None:
            raise refusal
        fd, timeout = sock.fileno(), sock.gettimeout()
        connecting = self._host.connect(fd, host, port)
        if timeout == 0:
            _keep(connecting)
            raise BlockingIOError(errno.EINPROGRESS, "Operation in progress")
        try:
            error = self._waits.run(connecting, timeout)
        except TimeoutError:
            raise TimeoutError("timed out") from None
        finally:
            self._host.abandon(fd)  # Does nothing to a socket that is connected.
        if error is not None:
            raise error
        if sock.family == socket.AF_INET6:
            self._peers[sock] = (host, port, 0, 0)
        self.connected(sock)

    def connected(self, sock: Any) -> None:
        """Gives a connection the options that the socket was given earlier."""
        for (level, name), value in self._options.get(sock, {}).items():
            self._apply(sock, level, name, value)

    def connect_ex(self, sock: Any, address: Any) -> int:
        """Does the same as `connect`, and returns the number of the error instead of raising it."""
        try:
            self.connect(sock, address)
        except socket.gaierror:
            raise
        except TimeoutError:
            return errno.EAGAIN
        except OSError as error:
            return error.errno or errno.EIO
        return 0

    def recv(self, sock: Any, bufsize: int, flags: int = 0, /) -> bytes:
        """Receives at most so many bytes."""
        if flags & _WAIT_ALL and not flags & _PEEK and bufsize > 0:
            data = bytearray(bufsize)
            return bytes(data[: self.recv_into(sock, data, bufsize, flags)])
        return self._retry(sock, POLLIN, flags, lambda: _Base.recv(sock, bufsize))

    def recv_into(self, sock: Any, buffer: Any, nbytes: int = 0, flags: int = 0) -> int:
        """Receives into a buffer; returns the number of bytes."""
        if not flags & _WAIT_ALL or flags & _PEEK:
            return self._retry(sock, POLLIN, flags, lambda: _Base.recv_into(sock, buffer, nbytes))
        with memoryview(buffer).cast("B") as view:
            end = nbytes or len(view)
            at = 0
            while at < end:
                size = self._retry(sock, POLLIN, flags, lambda: _Base.recv_into(sock, view[at:end]))
                if size == 0:
                    break
                at += size
            return at

    def recvfrom(self, sock: Any, bufsize: int, flags: int = 0, /) -> tuple[bytes, Any]:
        """Receives bytes, and names the peer; TCP's sockets have one peer."""
        return self.recv(sock, bufsize, flags), None

    def recvfrom_into(self, sock: Any, buffer: Any, nbytes: int = 0, flags: int = 0) -> tuple[int, Any]:
        """Does the same into a buffer."""
        return self.recv_into(sock, buffer, nbytes, flags), None

    def recvmsg(self, sock: Any, bufsize: int, ancbufsize: int = 0, flags: int = 0, /) -> tuple[bytes, list, int, Any]:
        """Receives bytes; there are no ancillary data."""
        return self.recv(sock, bufsize, flags), [], 0, None

    def send(self, sock: Any, data: Any, flags: int = 0, /) -> int:
        """Sends bytes; returns how many of them there was room for."""
        return self._retry(sock, POLLOUT, flags, lambda: _Base.send(sock, data))

    def sendall(self, sock: Any, data: Any, flags: int = 0, /) -> None:
        """Sends all bytes."""
        timeout = sock.gettimeout()
        end = None if timeout is None else time.monotonic() + timeout
        with memoryview(data) as view, view.cast("B") as rest:
            at = 0
            while at < len(rest):
                at += self._retry(sock, POLLOUT, flags, lambda: _Base.send(sock, rest[at:]), end)

    def sendto(self, sock: Any, data: Any, *args: Any) -> int:
        """Sends bytes to the peer, whatever the address is: TCP's sockets have one peer."""
        return self.send(sock, data)

    def sendmsg(self, sock: Any, buffers: Any, ancdata: Any = (), flags: int = 0, address: Any = None, /) -> int:
        """Sends the buffers one behind the other."""
        return self.send(sock, b"".join(bytes(memoryview(buffer)) for buffer in buffers), flags)

    def getpeername(self, sock: Any) -> Any:
        """Returns the address of the peer."""
        peer = self._peers.get(sock)
        return _Base.getpeername(sock) if peer is None or sock.fileno() < 0 else peer

    def setsockopt(self, sock: Any, level: int, optname: int, value: Any, optlen: int = 0, /) -> None:
        """Keeps an option; those for which there is something to do take effect when there is a connection."""
        if sock.fileno() < 0:
            raise OSError(errno.EBADF, "Bad file descriptor")
        self._options.setdefault(sock, {})[level, optname] = value
        self._apply(sock, level, optname, value)

    def getsockopt(self, sock: Any, level: int, optname: int, buflen: int = 0, /) -> Any:
        """Returns an option, or 0 if it was never set."""
        if level == socket.SOL_SOCKET:
            if optname == socket.SO_ERROR:
                return _Base.getsockopt(sock, level, optname)
            if optname == socket.SO_TYPE:
                return int(socket.SOCK_STREAM)
        return self._options.get(sock, {}).get((level, optname), bytes(buflen) if buflen else 0)

    def bind(self, sock: Any, address: Any, /) -> NoReturn:
        raise OSError(errno.ENOTSUP, NO_SERVERS)

    def listen(self, sock: Any, backlog: int = 0, /) -> NoReturn:
        raise OSError(errno.ENOTSUP, NO_SERVERS)

    def accept(self, sock: Any) -> NoReturn:
        raise OSError(errno.ENOTSUP, NO_SERVERS)

    def _apply(self, sock: Any, level: int, optname: int, value: Any) -> None:
        on = any(value) if isinstance(value, (bytes, bytearray)) else bool(value)
        if (level, optname) == (socket.IPPROTO_TCP, socket.TCP_NODELAY):
            self._host.set_option(sock.fileno(), "no delay", on)
        elif (level, optname) == (socket.SOL_SOCKET, socket.SO_KEEPALIVE):
            self._host.set_option(sock.fileno(), "keep alive", on)

    def _retry(
        self, sock: Any, events: int, flags: int, operation: Callable[[], Any], end: float | None = None
    ) -> Any:
        timeout = 0 if flags & _DONT_WAIT else sock.gettimeout()
        if end is None and timeout is not None:
            end = time.monotonic() + timeout
        while True:
            if flags & _PEEK:
                self._host.peek(sock.fileno())
            try:
                return operation()
            except (BlockingIOError, TimeoutError):  # C code looks once, and then gives up whatever the timeout is.
                if timeout == 0:
                    raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable") from None
            rest = None if end is None else end - time.monotonic()
            if rest is not None and rest <= 0:
                raise TimeoutError("timed out")
            self._waits.until_ready([(sock.fileno(), events)], rest)


_connecting: set[Any] = set()


def _keep(connecting: Any) -> None:
    """Runs a coroutine in the background."""
    import asyncio

    task = asyncio.ensure_future(connecting)
    _connecting.add(task)
    task.add_done_callback(_connecting.discard)


def _endpoint(sock: Any, address: Any) -> tuple[str, int]:
    """Returns the host and the port of an address; raises what C code raises for one that is none."""
    family = "AF_INET6" if sock.family == socket.AF_INET6 else "AF_INET"
    if not isinstance(address, tuple):
        raise TypeError(f"connect(): {family} address must be tuple, not {type(address).__name__}")
    if len(address) != 2 and not (family == "AF_INET6" and 2 < len(address) <= 4):
        raise TypeError(f"connect(): {family} address must be a pair (host, port)")
    host, port = address[:2]
    if isinstance(host, (bytes, bytearray)):
        host = bytes(host).decode("ascii")
    if not isinstance(host, str):
        raise TypeError(f"str, bytes or bytearray expected, not {type(host).__name__}")
    if "\0" in host:
        raise TypeError("host name must not contain null character")
    port = operator.index(port)
    if not 0 <= port <= 0xFFFF:
        raise OverflowError("connect(): port must be 0-65535.")
    if not host.isascii():
        host = host.encode("idna").decode("ascii")
    return host or "0.0.0.0", port


_plain_init = socket.socket.__init__


def _refuse_pair(*args: Any, **options: Any) -> NoReturn:
    raise OSError(errno.ENOTSUP, _NO_PAIRS)


def install(methods: SocketMethods) -> None:
    """Gives `socket.socket` these methods."""

    def bound(name: str, attribute: str) -> None:
        method = getattr(methods, attribute)
        original = getattr(socket.socket, name)

        def call(self: Any, *args: Any, **options: Any) -> Any:
            return method(self, *args, **options)

        call.__name__, call.__qualname__ = name, f"socket.{name}"
        call.__doc__, call.__module__ = original.__doc__, "socket"
        setattr(socket.socket, name, call)

    for name in (
        "connect", "connect_ex", "recv", "recv_into", "recvfrom", "recvfrom_into", "recvmsg", "send", "sendall",
        "sendto", "sendmsg", "setsockopt", "getsockopt", "getpeername", "bind", "listen", "accept",
    ):  # fmt: skip
        if hasattr(socket.socket, name):
            bound(name, name)
    bound("__init__", "initialize")
    socket.socketpair = BuiltinFunction(_refuse_pair, socket.socketpair, "socket")  # type: ignore[assignment]
