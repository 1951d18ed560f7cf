"""The stand-in for `IPython.utils.tempdir`."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

__all__ = ["NamedFileInTemporaryDirectory", "TemporaryDirectory", "TemporaryWorkingDirectory"]


class NamedFileInTemporaryDirectory:
    """A `NamedFileInTemporaryDirectory` is an open file in a directory that is removed with it."""

    def __init__(self, filename: str, mode: str = "w+b", bufsize: int = -1, add_to_syspath: bool = False, **kwds: Any) -> None:
        self._directory = TemporaryDirectory(**kwds)
        self.file = open(Path(self._directory.name) / filename, mode, bufsize)

    def __enter__(self) -> Any:
        return self.file

    def __exit__(self, *error: object) -> None:
        self.cleanup()

    def cleanup(self) -> None:
        """Closes the file and removes the directory."""
        self.file.close()
        self._directory.cleanup()

    close = cleanup


class TemporaryWorkingDirectory(TemporaryDirectory[str]):
    """A `TemporaryWorkingDirectory` is a temporary directory that is the current one inside of its context."""

    def __enter__(self) -> str:
        self._before = os.getcwd()
        os.chdir(self.name)
        return super().__enter__()

    def __exit__(self, *error: Any) -> None:
        os.chdir(self._before)
        super().__exit__(*error)
