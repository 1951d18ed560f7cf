"""Finds the server to use."""

from __future__ import annotations

import os

from .http_transport import HttpTransport
from .local_server import shared_server
from .server_program import find_program

DEFAULT_URL = "http://127.0.0.1:8000"


def find_server(url: str | None = None, token: str | None = None) -> HttpTransport:
    """Returns the way to a server.

    This is the server at `url`, or at `DENO_CODE_INTERPRETER_URL`; or one that is started from the checkout
    that `DENO_CODE_INTERPRETER_PATH` names, or from this package's extra `server`; or the server at its
    default address. The token of a server that is not started here is `token`, or
    `DENO_CODE_INTERPRETER_TOKEN`.
    """
    url = url or os.environ.get("DENO_CODE_INTERPRETER_URL")
    program = None if url else find_program()
    if program is not None:
        return HttpTransport(shared_server(program).url)
    return HttpTransport(url or DEFAULT_URL, token or os.environ.get("DENO_CODE_INTERPRETER_TOKEN"))
