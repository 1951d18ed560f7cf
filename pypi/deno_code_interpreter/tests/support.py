"""The server that all tests share, and a connection that can be cut."""

from __future__ import annotations

import os
import socket
import threading
from pathlib import Path
from urllib.parse import urlsplit

from deno_code_interpreter.local_server import shared_server
from deno_code_interpreter.server_program import checkout_program

PACKAGE = Path(__file__).resolve().parent.parent
CHECKOUT = PACKAGE.parent.parent


def server_url() -> str:
    """Returns the address of a server of this checkout, which ends with the tests."""
    return shared_server(checkout_program(CHECKOUT)).url


def client_environment() -> dict[str, str]:
    """Returns variables with which a program finds this package and the tests' server."""
    return {**os.environ, "DENO_CODE_INTERPRETER_URL": server_url(), "PYTHONPATH": str(PACKAGE / "src")}


class CuttableConnection:
    """Passes connections on to a server, until they are cut."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        assert parts.hostname and parts.port
        self._target = (parts.hostname, parts.port)
        self._sockets: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/?{parts.query}"
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def cut(self) -> None:
        """Ends all connections. New ones are passed on again."""
        sockets, self._sockets = self._sockets, []
        for it in sockets:
            try:
                it.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # Its other end has closed it.
            it.close()

    def close(self) -> None:
        """Ends all connections and takes no more."""
        self._listener.shutdown(socket.SHUT_RDWR)  # Ends the wait of the thread, which keeps the port open.
        self._thread.join()
        self._listener.close()
        self.cut()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            far = socket.create_connection(self._target)
            self._sockets += [near, far]
            for source, target in ((near, far), (far, near)):
                threading.Thread(target=_pass_on, args=(source, target), daemon=True).start()


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass  # The connection was cut.
