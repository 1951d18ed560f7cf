"""A server that this program starts and ends."""

from __future__ import annotations

import atexit
import os
import re
import signal
import subprocess
import tempfile
import threading
import time
from typing import IO

from .errors import StartError
from .server_program import ServerProgram

#: The seconds that a server may take to start; the first start of a checkout installs its packages.
START_TIMEOUT = 600.0
#: The seconds that a server gets to end in order.
STOP_TIMEOUT = 15.0

_ADDRESS = re.compile(r"^Notebook: (\S+)", re.MULTILINE)


class LocalServer:
    """A running server on a free port of this machine."""

    def __init__(self, program: ServerProgram, *, timeout: float = START_TIMEOUT) -> None:
        """Starts the server and waits for its address. Raises StartError with the last lines of its log."""
        self._log: IO[bytes] = tempfile.TemporaryFile()
        self._process = subprocess.Popen(
            [*program.command, "--host", "127.0.0.1", "--port", "0"],
            cwd=program.directory,
            env=program.environment,
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self._watch: subprocess.Popen[bytes] | None = None
        try:
            self._watch = self._watch_program()
            self.url = self._wait_for_address(timeout)
        except BaseException:
            self.stop()
            raise

    @property
    def running(self) -> bool:
        """True while the server's process has not ended."""
        return self._process.poll() is None

    def stop(self) -> None:
        """Ends the server. Safe to call again."""
        if self._watch is not None:
            self._watch.kill()
            self._watch.communicate()
            self._watch = None
        if self.running:
            self._signal(signal.SIGTERM)
            try:
                self._process.wait(STOP_TIMEOUT)
            except subprocess.TimeoutExpired:
                self._signal(signal.SIGKILL)
                self._process.wait()
        self._log.close()

    def _watch_program(self) -> subprocess.Popen[bytes]:
        """Starts a process that ends the server when this program ends without doing so, as when it is killed."""
        return subprocess.Popen(
            ["sh", "-c", 'cat >/dev/null; kill -TERM "-$0"', str(self._process.pid)],
            stdin=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def _wait_for_address(self, timeout: float) -> str:
        deadline = time.monotonic() + timeout
        while True:
            ended = not self.running
            text = self._read_log()
            match = _ADDRESS.search(text)
            if match:
                return match[1]
            if ended or time.monotonic() > deadline:
                why = "the program ended" if ended else f"the server has no address after {timeout:g} s"
                raise StartError(f"Cannot start a server: {why}\n" + "\n".join(text.splitlines()[-20:]))
            time.sleep(0.05)

    def _read_log(self) -> str:
        # pread leaves the position alone at which the server writes.
        size = os.fstat(self._log.fileno()).st_size
        return os.pread(self._log.fileno(), size, 0).decode(errors="replace")

    def _signal(self, number: int) -> None:
        try:
            os.killpg(self._process.pid, number)
        except ProcessLookupError:
            pass


_servers: dict[ServerProgram, LocalServer] = {}
_lock = threading.Lock()


def shared_server(program: ServerProgram) -> LocalServer:
    """Returns this process's server of a program, and starts it if none runs. It ends with this process."""
    with _lock:
        server = _servers.get(program)
        if server is None or not server.running:
            if server is not None:
                server.stop()
            server = _servers[program] = LocalServer(program)
        return server


@atexit.register
def _stop_servers() -> None:
    for server in _servers.values():
        server.stop()
    _servers.clear()
