"""CodeRunner's requests, as this server answers them below `/coderunner`."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from .discovery import find_server
from .http_transport import HttpTransport


class Commands:
    """Sends commands and keeps the session that they run in."""

    def __init__(self, url: str | None, token: str | None) -> None:
        self._url = url
        self._token = token
        self._found: HttpTransport | None = None
        self.session_id: str | None = None

    def send(self, method: str, path: str, body: Any = None) -> Any:
        """Sends a request of this family and returns the answer."""
        if self._found is None:
            self._found = find_server(self._url, self._token)
        return self._found.send_json(method, "/coderunner" + path, body)

    def start_session(self) -> str:
        """Starts a session, which later commands run in, and returns its id."""
        self.session_id = str(self.send("POST", "/sessions")["session_id"])
        return self.session_id

    def submit(self, path: str, command: str, language: str | None, timeout: float | None) -> dict[str, Any]:
        """Sends a command to `/execute` or `/execute_async`, in a session that is started if there is none."""
        body = {"command": command, "session_id": self.session_id or self.start_session()}
        if language is not None:
            body["language"] = language
        return self.send("POST", path, body if timeout is None else {**body, "timeout": timeout})

    def task(self, task_id: str) -> dict[str, Any]:
        """Returns a task with its status and result."""
        return self.send("GET", f"/tasks/{quote(task_id, safe='')}")

    def session(self, session_id: str) -> dict[str, Any]:
        """Describes a session."""
        return self.send("GET", f"/sessions/{quote(session_id, safe='')}")

    def end_session(self) -> None:
        """Ends the session if there is one."""
        session_id, self.session_id = self.session_id, None
        if session_id is not None:
            self.send("DELETE", f"/sessions/{quote(session_id, safe='')}")
