"""The stand-in for `IPython.utils.io`."""

from __future__ import annotations

import atexit
import os
import sys
import tempfile
from typing import Any

from deno_kernel.display.capture import CapturedIO, capture_output

__all__ = ["CapturedIO", "Tee", "ask_yes_no", "capture_output", "raw_print", "raw_print_err", "rprint", "rprinte", "temp_pyfile"]


class Tee:
    """A `Tee` writes to a file and to one of the standard streams, whose place it takes until it is closed."""

    def __init__(self, file_or_name: Any, mode: str = "w", channel: str = "stdout") -> None:
        if channel not in ("stdout", "stderr"):
            raise ValueError(f"Invalid channel spec {channel}")
        self.file = file_or_name if hasattr(file_or_name, "write") else open(file_or_name, mode)
        self.channel = channel
        self.ostream = getattr(sys, channel)
        setattr(sys, channel, self)
        self._closed = False

    def write(self, data: str) -> None:
        """Writes text to both."""
        self.file.write(data)
        self.ostream.write(data)
        self.ostream.flush()

    def isatty(self) -> bool:
        """Returns false, because there is no terminal."""
        return False

    def flush(self) -> None:
        """Flushes both."""
        self.file.flush()
        self.ostream.flush()

    def close(self) -> None:
        """Closes the file, and gives the stream back."""
        if not self._closed:
            self.flush()
            setattr(sys, self.channel, self.ostream)
            self.file.close()
            self._closed = True

    def __del__(self) -> None:
        if hasattr(self, "_closed"):
            self.close()


def ask_yes_no(prompt: str, default: str | None = None, interrupt: str | None = None) -> bool:
    """Asks the client until the answer is yes or no; an empty answer is the default."""
    answers = {"y": True, "n": False, "yes": True, "no": False}
    answer = None
    while answer not in answers:
        try:
            answer = input(prompt + " ").lower()
            if not answer and default:
                answer = default
        except KeyboardInterrupt:
            if interrupt:
                answer = interrupt
            print("\r")
        except EOFError:
            if default in answers:
                answer = default
                print()
            else:
                raise
    return answers[answer]


def temp_pyfile(src: str, ext: str = ".py") -> str:
    """Writes source to a temporary file, which is removed when the kernel ends; returns its path."""
    handle, path = tempfile.mkstemp(ext)
    with open(handle, "w", encoding="utf-8") as file:
        file.write(src)
    atexit.register(lambda: os.path.exists(path) and os.unlink(path))
    return path


def raw_print(*args: Any, **kw: Any) -> None:
    """Prints to the stream of the kernel's stdout."""
    print(*args, sep=kw.get("sep", " "), end=kw.get("end", "\n"), file=sys.__stdout__)
    sys.__stdout__.flush()  # type: ignore[union-attr]


def raw_print_err(*args: Any, **kw: Any) -> None:
    """Prints to the stream of the kernel's stderr."""
    print(*args, sep=kw.get("sep", " "), end=kw.get("end", "\n"), file=sys.__stderr__)
    sys.__stderr__.flush()  # type: ignore[union-attr]


rprint, rprinte = raw_print, raw_print_err
