"""The client for programs that wait."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Any
from urllib.parse import quote

from .discovery import find_server
from .errors import RequestError
from .files import Files
from .http_transport import HttpTransport
from .outputs import Execution, Output
from .runs import Listeners, Run


class CodeInterpreter:
    """A session: a kernel, which keeps its variables and files from one run to the next.

    The kernel starts with the first use and ends with the `with` block, or with `close()`.
    """

    def __init__(
        self,
        url: str | None = None,
        token: str | None = None,
        *,
        kernel_id: str | None = None,
        packages: Sequence[str] = (),
        env: Mapping[str, str] | None = None,
        limits: Mapping[str, float] | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> None:
        """Does no input or output.

        Without a `url` the server is that of `DENO_CODE_INTERPRETER_URL`, or one that is started from the
        checkout that `DENO_CODE_INTERPRETER_PATH` names or from the extra `server`. `kernel_id` names a kernel that runs already, which
        `close()` leaves alone. `options` are further fields of `POST /api/kernels`, such as `mounts`.
        """
        self._url = url
        self._token = token
        self._found: HttpTransport | None = None
        self._kernel_id = kernel_id
        self._owned = kernel_id is None
        self._closed = False
        self._lock = threading.Lock()
        self._options: dict[str, Any] = dict(options or {})
        if packages:
            self._options["packages"] = list(packages)
        if env:
            self._options["env"] = dict(env)
        if limits:
            self._options["limits"] = dict(limits)
        self.files = Files(self._json, self._bytes)

    def __enter__(self) -> CodeInterpreter:
        self.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def kernel_id(self) -> str:
        """The id of the kernel, which is started if it is not yet there."""
        self.start()
        assert self._kernel_id is not None
        return self._kernel_id

    def start(self) -> None:
        """Starts the kernel if it is not yet there."""
        with self._lock:
            if self._closed:
                raise ValueError("This interpreter is closed: make another")
            if self._kernel_id is None:
                self._kernel_id = str(self._http().send_json("POST", "/api/kernels", self._options)["id"])

    def close(self) -> None:
        """Ends the kernel, if this interpreter has started it. Safe to call again."""
        with self._lock:
            closed, self._closed = self._closed, True
            if closed or not self._owned or self._kernel_id is None:
                return
            try:
                self._http().send_json("DELETE", f"/api/kernels/{quote(self._kernel_id, safe='')}")
            except RequestError as error:
                if error.status != 404:
                    raise

    def run(
        self,
        code: str,
        *,
        timeout: float | None = None,
        stdin: Sequence[str] | None = None,
        on_stdout: Callable[[str], object] | None = None,
        on_stderr: Callable[[str], object] | None = None,
        on_output: Callable[[Output], object] | None = None,
        on_input: Callable[[str, bool], str | None] | None = None,
    ) -> Execution:
        """Runs code and returns when it has ended, with an exception of the code as its `error`.

        `timeout` is in seconds; then the code is interrupted. The listeners get text and outputs while the
        code runs. `input()` takes the lines of `stdin` in turn, or asks `on_input` with the prompt and
        whether it is for a password; None ends the input. When a listener raises, or Ctrl-C is pressed, the
        code is interrupted and the exception goes on.
        """
        listeners = Listeners(on_stdout, on_stderr, on_output, on_input)
        return self._new_run().follow(code, listeners, stdin=stdin, timeout=timeout)

    def install(self, *packages: str) -> dict[str, str]:
        """Installs packages, such as `"six==1.16.0"`, and returns the versions of all that are installed."""
        return _versions(self._json("POST", "/packages", {"packages": list(packages)}))

    def packages(self) -> dict[str, str]:
        """Returns the installed packages and their versions."""
        return _versions(self._json("GET", "/packages"))

    def interrupt(self) -> None:
        """Raises KeyboardInterrupt in the code that runs now. May be called from another thread."""
        self._json("POST", "/interrupt", {})

    def restart(self) -> None:
        """Gives the kernel a fresh interpreter, without the variables."""
        self._json("POST", "/restart", {})

    def status(self) -> dict[str, Any]:
        """Returns the kernel's status, limits and permissions."""
        kernel: dict[str, Any] = self._json("GET", "")
        return kernel

    def _new_run(self) -> Run:
        return Run(self._http(), self.kernel_id)

    def _http(self) -> HttpTransport:
        if self._found is None:
            self._found = find_server(self._url, self._token)
        return self._found

    def _json(self, method: str, path: str, *args: Any, **options: Any) -> Any:
        kernel = quote(self.kernel_id, safe="")
        return self._http().send_json(method, f"/api/kernels/{kernel}{path}", *args, **options)

    def _bytes(self, method: str, path: str, *args: Any, **options: Any) -> bytes:
        kernel = quote(self.kernel_id, safe="")
        return self._http().send_bytes(method, f"/api/kernels/{kernel}{path}", *args, **options)


def _versions(answer: dict[str, list[dict[str, str]]]) -> dict[str, str]:
    return {it["name"]: it["version"] for it in answer["packages"]}
