"""The stand-in for `IPython.utils.openpy`."""

from __future__ import annotations

import io
import re
from tokenize import detect_encoding, open
from typing import Any

from deno_kernel.source.files import decoded

__all__ = ["detect_encoding", "open", "read_py_file", "source_to_unicode", "strip_encoding_cookie"]


_COOKIE = re.compile(r"^[ \t\f]*#.*?coding[:=][ \t]*[-\w.]+")


def source_to_unicode(txt: Any, errors: str = "replace", skip_encoding_cookie: bool = True) -> str:
    """Returns source as text; bytes are decoded by their coding cookie."""
    text = txt if isinstance(txt, str) else decoded(txt.read() if hasattr(txt, "read") else txt)
    return "".join(strip_encoding_cookie(io.StringIO(text))) if skip_encoding_cookie else text


def strip_encoding_cookie(filelike: Any) -> Any:
    """Yields the lines of a file without its coding cookie."""
    for number, line in enumerate(filelike):
        if number > 1 or not _COOKIE.match(line):
            yield line


def read_py_file(filename: Any, skip_encoding_cookie: bool = True) -> str:
    """Returns the text of a Python file."""
    with open(filename) as file:
        return "".join(strip_encoding_cookie(file)) if skip_encoding_cookie else file.read()
