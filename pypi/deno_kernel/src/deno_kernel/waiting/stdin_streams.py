"""sys.stdin, `open(0)` and `os.read(0, n)`: each line that they need is a question to the client, without a prompt."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from typing import Any

from ..host.executions import Execution, current_execution
from .builtin_function import BuiltinFunction
from .stdin import StdinRequests

_PATHS = frozenset({"/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"})


class StdinBytes:
    """A `StdinBytes` has the bytes of the client's answers to the running cell that no stream has read yet."""

    def __init__(self, requests: StdinRequests) -> None:
        self._requests = requests
        self._bytes = b""
        self._execution: Execution | None = None

    def belongs_to_this_cell(self) -> bool:
        """Returns false, and drops the bytes, when another cell than before reads."""
        execution = current_execution.get()
        if execution is self._execution:
            return True
        self._execution, self._bytes = execution, b""
        return False

    def fill(self) -> bool:
        """Asks for another line; returns false if the client has closed the input."""
        answer = self._requests.ask("")
        if answer is None:
            return False
        # As os.fsdecode() does, clients write bytes that are no UTF-8 as lone surrogates.
        self._bytes += answer.encode("utf-8", _errors(answer)) + b"\n"
        return True

    def peek(self) -> bytes:
        """Returns the bytes of the present line; asks for one if there are none."""
        self.belongs_to_this_cell()
        if not self._bytes:
            self.fill()
        return self._bytes

    def take(self, size: int) -> bytes:
        """Removes and returns at most so many bytes, without asking."""
        taken, self._bytes = self._bytes[:size], self._bytes[size:]
        return taken

    def __len__(self) -> int:
        return len(self._bytes)


def _errors(text: str) -> str:
    try:
        text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return "replace"
    return "surrogateescape"


class StdinBuffer(io.BufferedIOBase):
    """A `StdinBuffer` is a binary stream of the client's answers; several of them read the same bytes."""

    name = "<stdin>"
    mode = "rb"

    def __init__(self, source: StdinBytes) -> None:
        self._source = source

    @property
    def raw(self) -> io.RawIOBase:
        """The stream without a buffer, which reads the same bytes."""
        return _StdinRaw(self._source)

    def readable(self) -> bool:
        return True

    def fileno(self) -> int:
        return 0

    def isatty(self) -> bool:
        return False

    def peek(self, size: int = 0, /) -> bytes:
        """Returns the bytes of the present line, without removing them."""
        return self._source.peek()

    def read1(self, size: int = -1, /) -> bytes:
        self._check_open()
        if size == 0:
            return b""
        line = self._source.peek()
        return self._source.take(len(line) if size < 0 else size)

    def read(self, size: int | None = -1, /) -> bytes:
        self._check_open()
        self._source.belongs_to_this_cell()
        wanted = None if size is None or size < 0 else size
        while wanted is None or len(self._source) < wanted:
            if not self._source.fill():
                break
        return self._source.take(len(self._source) if wanted is None else wanted)

    def readline(self, size: int | None = -1, /) -> bytes:
        self._check_open()
        line = self._source.peek()
        end = line.find(b"\n") + 1 or len(line)
        return self._source.take(end if size is None or size < 0 else min(size, end))

    def _check_open(self) -> None:
        if self.closed:
            raise ValueError("I/O operation on closed file.")


class _StdinRaw(io.RawIOBase):
    """A `_StdinRaw` reads what there is of the present line."""

    name = "<stdin>"
    mode = "rb"

    def __init__(self, source: StdinBytes) -> None:
        self._source = source

    def readable(self) -> bool:
        return True

    def fileno(self) -> int:
        return 0

    def readinto(self, buffer: Any, /) -> int:
        self._source.peek()
        view = memoryview(buffer).cast("B")
        taken = self._source.take(len(view))
        view[: len(taken)] = taken
        return len(taken)


class _LastingBuffer(StdinBuffer):
    """A `_LastingBuffer` stays open: streams that code makes of it close it when they are collected."""

    def close(self) -> None:
        """Does nothing, because later cells need the stream too."""


class KernelStdin(io.TextIOWrapper):
    """A `KernelStdin` replaces sys.stdin. Each cell finds it empty, with its own encoding and undetached."""

    mode = "r"

    def __init__(self, source: StdinBytes) -> None:
        self._source = source
        self._begin()

    def _begin(self) -> None:
        # To initialize it again is the only way to have a text stream forget what it has decoded ahead.
        super().__init__(_LastingBuffer(self._source), encoding="utf-8", errors="surrogateescape")  # type: ignore[arg-type]

    def read(self, size: int | None = -1, /) -> str:
        self._source.belongs_to_this_cell() or self._begin()
        return super().read(size)

    def readline(self, size: int = -1, /) -> str:
        self._source.belongs_to_this_cell() or self._begin()
        return super().readline(size)

    def detach(self) -> StdinBuffer:  # type: ignore[override]
        """Returns a binary stream of the same bytes, and leaves this one usable."""
        return _LastingBuffer(self._source)

    def close(self) -> None:
        """Does nothing, because later cells need the stream too."""


def opening(original: Callable[..., Any], source: StdinBytes) -> Callable[..., Any]:
    """Returns `open` with the client's answers as the file 0."""

    def open(
        file: Any, mode: str = "r", buffering: int = -1, encoding: str | None = None, errors: str | None = None,
        newline: str | None = None, closefd: bool = True, opener: Any = None,
    ) -> Any:  # fmt: skip
        if opener is None and _is_stdin(file) and isinstance(mode, str) and not set(mode) & set("wax+"):
            if "b" in mode:
                return StdinBuffer(source)
            buffer: Any = StdinBuffer(source)
            return io.TextIOWrapper(buffer, encoding or "utf-8", errors or "strict", newline)
        return original(file, mode, buffering, encoding, errors, newline, closefd, opener)

    return BuiltinFunction(open, original, "io")


def reading(original: Callable[[int, int], bytes], source: StdinBytes) -> Callable[[int, int], bytes]:
    """Returns `os.read` with the client's answers as the file 0."""

    def read(fd: int, length: int, /) -> bytes:
        return StdinBuffer(source).read1(length) if fd == 0 and length >= 0 else original(fd, length)

    return BuiltinFunction(read, original, "os")


def _is_stdin(file: Any) -> bool:
    if isinstance(file, int):
        return file == 0 and not isinstance(file, bool)
    try:
        return os.fspath(file) in _PATHS
    except TypeError:
        return False
