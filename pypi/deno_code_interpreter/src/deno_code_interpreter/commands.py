"""CodeRunner's requests, as this server answers them below `/coderunner`."""

from __future__ import annotations

import base64
import json
import secrets
from typing import Any
from urllib.parse import quote, urlencode

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
        return self._server().send_json(method, "/coderunner" + path, body)

    def start_session(self, wishes: dict[str, Any] | None = None) -> str:
        """Starts a session, which later commands run in, and returns its id. With `wishes`, which are those of
        InstaVM's clients, its languages share files."""
        path = "/sessions" if wishes is None else "/v1/sessions/session"
        self.session_id = str(self.send("POST", path, wishes)["session_id"])
        return self.session_id

    def submit(self, path: str, command: str, language: str | None, timeout: float | None) -> dict[str, Any]:
        """Sends a command to `/execute` or `/execute_async`, in a session that is started if there is none."""
        body = {"command": command, "session_id": self.session_id or self.start_session()}
        if language is not None:
            body["language"] = language
        answer: dict[str, Any] = self.send("POST", path, body if timeout is None else {**body, "timeout": timeout})
        return answer

    def task(self, task_id: str) -> dict[str, Any]:
        """Returns a task with its status and result."""
        task: dict[str, Any] = self.send("GET", f"/tasks/{quote(task_id, safe='')}")
        return task

    def session(self, session_id: str) -> dict[str, Any]:
        """Describes a session."""
        session: dict[str, Any] = self.send("GET", f"/sessions/{quote(session_id, safe='')}")
        return session

    def upload(self, name: str, content: bytes, fields: dict[str, str]) -> dict[str, Any]:
        """Sends a file as a form with other fields."""
        boundary = secrets.token_hex(16)
        named = name.replace("\\", "_").replace('"', "_").replace("\r", "_").replace("\n", "_")
        parts = [
            f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'.encode()
            for field, value in fields.items()
        ]
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{named}"\r\n\r\n'
        body = b"".join([*parts, head.encode(), content, f"\r\n--{boundary}--\r\n".encode()])
        return self._send_form("/upload", body, f"multipart/form-data; boundary={boundary}")

    def download(self, path: str, session_id: str) -> bytes:
        """Returns the content of a session's file."""
        form = urlencode({"filename": path, "session_id": session_id}).encode()
        return base64.b64decode(self._send_form("/download", form, "application/x-www-form-urlencoded")["content"])

    def end_session(self) -> None:
        """Ends the session if there is one."""
        session_id, self.session_id = self.session_id, None
        if session_id is not None:
            self.send("DELETE", f"/sessions/{quote(session_id, safe='')}")

    def _send_form(self, path: str, body: bytes, content_type: str) -> dict[str, Any]:
        answer = self._server().send_bytes("POST", "/coderunner" + path, body, content_type=content_type)
        return dict(json.loads(answer))

    def _server(self) -> HttpTransport:
        if self._found is None:
            self._found = find_server(self._url, self._token)
        return self._found
