"""Connections of asyncio: the methods of CPython's own loops, on the waits that the host knows."""

from __future__ import annotations

import asyncio
import contextvars
import errno
import itertools
import os
import selectors
import socket
import ssl
import weakref
from asyncio.base_events import BaseEventLoop
from asyncio.selector_events import BaseSelectorEventLoop
from collections.abc import Callable
from typing import Any

from .host import SocketHost
from .names import Names
from .sockets import NO_DATAGRAMS, NO_SERVERS, POLLIN, POLLOUT
from .tls import TlsSession

_HANDSHAKE_SECONDS = 60.0
_FROM_BASE = ("create_connection", "_ensure_resolved", "_connect_sock")
_FROM_SELECTOR = (
    "_ensure_fd_no_transport", "_make_socket_transport", "add_reader", "remove_reader", "add_writer", "remove_writer",
    "sock_recv", "_sock_recv", "sock_recv_into", "_sock_recv_into", "_sock_read_done", "sock_sendall", "_sock_sendall",
    "sock_connect", "_sock_connect", "_sock_connect_cb", "_sock_write_done",
)  # fmt: skip


class Watch:
    """A `Watch` calls a function of user code back as long as a socket is ready."""

    def __init__(self, watches: Watches, loop: Any, key: tuple[int, int], callback: Callable[..., Any], args: Any) -> None:
        self._watches = watches
        self._loop = loop
        self._key = key
        self._callback, self._args = callback, args
        self._context = contextvars.copy_context()
        self._ended = False
        self._id = 0
        self._wait()

    def cancel(self) -> None:
        """Ends the watch."""
        self._ended = True
        self._watches.host.forget(self._id)

    def cancelled(self) -> bool:
        """Returns true after `cancel`."""
        return self._ended

    def _wait(self) -> None:
        self._id = next(self._watches.ids)
        self._watches.host.call_when_ready([self._key], self._id, self._schedule)

    def _schedule(self) -> None:
        if not self._ended and not self._loop.is_closed():
            self._loop.call_soon(self._run, context=self._context)

    def _run(self) -> None:
        if self._ended:
            return
        try:
            os.fstat(self._key[0])
        except OSError:  # The socket was closed, of which a loop of CPython learns nothing.
            self._ended = True
            return
        try:
            self._callback(*self._args)
        finally:
            if not self._ended:
                self._wait()


class Watches:
    """A `Watches` has the watches of all loops, by descriptor and event."""

    def __init__(self, host: SocketHost, ids: itertools.count[int]) -> None:
        self.host = host
        self.ids = ids
        self._all: dict[tuple[int, int], Watch] = {}

    def add(self, loop: Any, fd: int, events: int, callback: Callable[..., Any], args: Any) -> Watch:
        """Begins a watch, and ends the one that it takes the place of."""
        loop._check_closed()
        self.remove(fd, events)
        watch = self._all[fd, events] = Watch(self, loop, (fd, events), callback, args)
        return watch

    def has(self, fd: int, events: int) -> bool:
        """Returns true when there is a watch."""
        watch = self._all.get((fd, events))
        return watch is not None and not watch.cancelled()

    def remove(self, fd: int, events: int) -> bool:
        """Ends a watch; returns false if there is none."""
        watch = self._all.pop((fd, events), None)
        if watch is None or watch.cancelled():
            return False
        watch.cancel()
        return True


class WatchedFiles:
    """A `WatchedFiles` is the part of a loop's selector by which asyncio describes a transport."""

    def __init__(self, watches: Watches) -> None:
        self._watches = watches

    def get_key(self, fd: int) -> selectors.SelectorKey:
        """Returns the events of a descriptor that somebody waits for; raises KeyError if there are none."""
        read = selectors.EVENT_READ if self._watches.has(fd, POLLIN) else 0
        write = selectors.EVENT_WRITE if self._watches.has(fd, POLLOUT) else 0
        if not read | write:
            raise KeyError(fd)
        return selectors.SelectorKey(fd, fd, read | write, None)


def install(loop_class: Any, names: Names, watches: Watches) -> None:
    """Gives a class of loops the methods for connections."""
    for source, methods in ((BaseEventLoop, _FROM_BASE), (BaseSelectorEventLoop, _FROM_SELECTOR)):
        for name in methods:
            setattr(loop_class, name, vars(source)[name])
    loop_class._selector = WatchedFiles(watches)
    host = watches.host

    def descriptor(fd: Any) -> int:
        return fd if isinstance(fd, int) else fd.fileno()

    async def getaddrinfo(
        self: Any, host: Any, port: Any, *, family: int = 0, type: int = 0, proto: int = 0, flags: int = 0
    ) -> list[Any]:
        """Returns the addresses of a granted host."""
        found = await names.find(host, port, family=family, type=type, proto=proto, flags=flags)
        return [(socket.AddressFamily(of), socket.SocketKind(kind), *rest) for of, kind, *rest in found]

    async def encrypt(sock: Any, context: Any, server_hostname: Any, timeout: float | None) -> dict[str, Any]:
        """Makes the handshake on a socket; returns what a transport tells about it."""
        if isinstance(context, bool):
            context = ssl.create_default_context()
        options = context.tls_options(server_hostname or None)
        try:
            async with asyncio.timeout(_HANDSHAKE_SECONDS if timeout is None else timeout):
                outcome = await host.start_tls(sock.fileno(), options)
        except TimeoutError:
            raise ConnectionAbortedError(
                f"SSL handshake is taking longer than {timeout or _HANDSHAKE_SECONDS} seconds: aborting the connection"
            ) from None
        finally:
            host.abandon(sock.fileno())
        session = TlsSession()
        session.begin(context, server_hostname)
        session.adopt(outcome)
        return {
            "sslcontext": context, "ssl_object": session, "peercert": session.getpeercert(),
            "cipher": session.cipher(), "compression": None,
        }  # fmt: skip

    async def _create_connection_transport(
        self: Any, sock: Any, protocol_factory: Callable[[], Any], context: Any, server_hostname: Any,
        server_side: bool = False, ssl_handshake_timeout: Any = None, ssl_shutdown_timeout: Any = None,
    ) -> tuple[Any, Any]:  # fmt: skip
        sock.setblocking(False)
        try:
            extra = await encrypt(sock, context, server_hostname, ssl_handshake_timeout) if context else None
        except BaseException:
            sock.close()
            raise
        protocol = protocol_factory()
        waiter = self.create_future()
        transport = self._make_socket_transport(sock, protocol, waiter, extra=extra)
        try:
            await waiter
        except BaseException:
            transport.close()
            raise
        return transport, protocol

    async def start_tls(
        self: Any, transport: Any, protocol: Any, sslcontext: Any, *, server_side: bool = False,
        server_hostname: Any = None, ssl_handshake_timeout: Any = None, ssl_shutdown_timeout: Any = None,
    ) -> Any:  # fmt: skip
        """Encrypts a connection from here on, and returns its transport."""
        if server_side:
            raise OSError(errno.ENOTSUP, NO_SERVERS)
        transport.pause_reading()
        while transport.get_write_buffer_size() > 0:
            await asyncio.sleep(0)
        try:
            extra = await encrypt(transport._sock, sslcontext, server_hostname, ssl_handshake_timeout)
        except BaseException:
            transport.close()
            raise
        transport._extra.update(extra)
        transport.set_protocol(protocol)
        transport.resume_reading()
        return transport

    async def no_servers(self: Any, *args: Any, **options: Any) -> Any:
        """Raises OSError, because nothing can listen."""
        raise OSError(errno.ENOTSUP, NO_SERVERS)

    async def no_datagrams(self: Any, *args: Any, **options: Any) -> Any:
        """Raises OSError, because there is TCP only."""
        raise OSError(errno.EPROTONOSUPPORT, NO_DATAGRAMS)

    loop_class._debug = False
    loop_class._transports = weakref.WeakValueDictionary()
    loop_class._add_reader = lambda self, fd, callback, *args: watches.add(self, descriptor(fd), POLLIN, callback, args)
    loop_class._add_writer = lambda self, fd, callback, *args: watches.add(self, descriptor(fd), POLLOUT, callback, args)
    loop_class._remove_reader = lambda self, fd: watches.remove(descriptor(fd), POLLIN)
    loop_class._remove_writer = lambda self, fd: watches.remove(descriptor(fd), POLLOUT)
    loop_class.getaddrinfo = getaddrinfo
    loop_class._create_connection_transport = _create_connection_transport
    loop_class.start_tls = start_tls
    loop_class.create_server = loop_class.create_unix_server = loop_class.sock_accept = no_servers
    loop_class.connect_accepted_socket = no_servers
    loop_class.create_datagram_endpoint = no_datagrams
