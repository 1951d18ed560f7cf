"""Requests to a server over HTTP, with the standard library alone."""

from __future__ import annotations

import http.client
import ipaddress
import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

from .errors import CodeInterpreterError, ConnectionLost, RequestError

#: The seconds without a byte after which a stream counts as broken; the server sends one every five seconds.
STREAM_SILENCE = 60.0

JSON_TYPE = "application/json"
BROKEN = (OSError, http.client.HTTPException)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follows no redirect, because the token would go with it to another server."""

    def redirect_request(self, *_args: Any, **_options: Any) -> None:
        return None


class HttpTransport:
    """Sends requests to the server at one URL, with its token."""

    def __init__(self, url: str, token: str | None = None, *, timeout: float = 300.0) -> None:
        """`url` may hold the token as `?token=`, as the server prints it; `timeout` is in seconds."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise CodeInterpreterError(f"Cannot use the URL {url!r} of a server: begin it with http:// or https://")
        self.url = urlunsplit((parts.scheme, parts.netloc, parts.path.rstrip("/"), "", ""))
        self._token = token or next(iter(parse_qs(parts.query).get("token", [])), None)
        self._timeout = timeout
        handlers: list[urllib.request.BaseHandler] = [_NoRedirect()]
        if _is_this_machine(parts.hostname):
            handlers.append(urllib.request.ProxyHandler({}))
        self._opener = urllib.request.build_opener(*handlers)

    def send_json(self, method: str, path: str, body: Any = None, *, query: dict[str, str] | None = None) -> Any:
        """Sends a value as JSON and returns the answer, parsed; None if the answer is empty."""
        data = None if body is None else json.dumps(body).encode()
        text = self.send_bytes(method, path, data, query=query, content_type=JSON_TYPE)
        return json.loads(text) if text else None

    def send_bytes(
        self,
        method: str,
        path: str,
        data: bytes | None = None,
        *,
        query: dict[str, str] | None = None,
        content_type: str = "application/octet-stream",
    ) -> bytes:
        """Sends bytes and returns the body of the answer."""
        request = self._request(method, path, data, query, {"Content-Type": content_type})
        with self._open(request, self._timeout) as response:
            try:
                content: bytes = response.read()
            except BROKEN as error:
                raise ConnectionLost(f"The connection to {self.url} broke: {error}") from error
        return content

    def stream_lines(
        self, method: str, path: str, body: Any = None, *, query: dict[str, str] | None = None
    ) -> Iterator[dict[str, Any]]:
        """Sends a value as JSON and yields the objects of an answer in NDJSON while they come."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": JSON_TYPE, "Accept": "application/x-ndjson"}
        request = self._request(method, path, data, query, headers)
        with self._open(request, STREAM_SILENCE) as response:
            try:
                for line in response:
                    if line.strip():
                        yield json.loads(line)
            except (*BROKEN, ValueError) as error:
                raise ConnectionLost(f"The connection to {self.url} broke: {error}") from error

    def _request(
        self, method: str, path: str, data: bytes | None, query: dict[str, str] | None, headers: dict[str, str]
    ) -> urllib.request.Request:
        url = self.url + path + ("?" + urlencode(query) if query else "")
        request = urllib.request.Request(url, data, headers, method=method)
        if self._token:
            request.add_unredirected_header("Authorization", f"Bearer {self._token}")
        return request

    def _open(self, request: urllib.request.Request, timeout: float) -> Any:
        try:
            return self._opener.open(request, timeout=timeout)
        except urllib.error.HTTPError as error:
            with error:
                raise _refusal(error) from None
        except BROKEN as error:
            reason = error.reason if isinstance(error, urllib.error.URLError) else error
            raise ConnectionLost(
                f"Cannot reach a server at {self.url}: {reason}. Start one, name it by DENO_CODE_INTERPRETER_URL, "
                "name a checkout by DENO_CODE_INTERPRETER_PATH, or install deno-code-interpreter[server]."
            ) from error


def _refusal(error: urllib.error.HTTPError) -> RequestError:
    try:
        body = json.loads(error.read())
    except (*BROKEN, ValueError):
        body = None
    if not isinstance(body, dict):
        body = {}
    message = body.get("message") or body.get("detail") or f"The server answered with status {error.code}"
    return RequestError(error.code, str(body.get("code", "unknown")), str(message), body.get("details") or [])


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
