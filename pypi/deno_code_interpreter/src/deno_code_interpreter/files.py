"""The files of a kernel."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

#: The entries of a directory. The classes below have a method named `list`, which hides the type from them.
Entries = list[dict[str, Any]]


class Files:
    """Reads and writes a kernel's files. Paths are absolute or start from Python's working directory."""

    def __init__(self, request: Callable[..., Any], request_bytes: Callable[..., bytes]) -> None:
        self._json = request
        self._bytes = request_bytes

    def list(self, path: str = ".") -> Entries:
        """Lists a directory: for each entry its `name`, `path`, `type`, `size` and `modified`."""
        entries: Entries = self.stat(path).get("entries", [])
        return entries

    def stat(self, path: str) -> dict[str, Any]:
        """Describes a file, or a directory with its `entries`."""
        facts: dict[str, Any] = self._json("GET", "/files", query={"path": path})
        return facts

    def read(self, path: str) -> bytes:
        """Returns the content of a file."""
        return self._bytes("GET", "/files/content", query={"path": path})

    def write(self, path: str, content: bytes | str) -> None:
        """Writes a file; text is written as UTF-8."""
        data = content.encode() if isinstance(content, str) else content
        self._bytes("PUT", "/files/content", data, query={"path": path})

    def upload(self, local: str | os.PathLike[str], path: str | None = None) -> None:
        """Copies a file of this machine to the kernel, by default under its own name."""
        self.write(path or Path(local).name, Path(local).read_bytes())

    def download(self, path: str, local: str | os.PathLike[str] | None = None) -> Path:
        """Copies a file of the kernel to this machine, by default under its own name, and returns its path."""
        target = Path(local if local is not None else os.path.basename(path))
        target.write_bytes(self.read(path))
        return target

    def make_directory(self, path: str) -> None:
        """Makes a directory."""
        self._json("POST", "/files", {"path": path, "type": "directory"})

    def rename(self, path: str, new_path: str) -> None:
        """Renames or moves a file or directory."""
        self._json("PATCH", "/files", {"path": new_path}, query={"path": path})

    def remove(self, path: str, *, recursive: bool = False) -> None:
        """Removes a file, or a directory, which must be empty unless `recursive` is true."""
        query = {"path": path, **({"recursive": "true"} if recursive else {})}
        self._json("DELETE", "/files", query=query)
