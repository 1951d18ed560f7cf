"""The metadata in a wheel."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
import zlib

from .errors import FileUnavailable

_METADATA = re.compile(r"[^/]+\.dist-info/METADATA")
_MOST_BYTES = 8 * 2**20


def metadata_in(content: bytes, file_name: str) -> str:
    """Returns the text of a wheel's METADATA. Raises FileUnavailable when the wheel is damaged."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as wheel:
            for info in wheel.infolist():
                if _METADATA.fullmatch(info.filename) and info.file_size <= _MOST_BYTES:
                    return wheel.read(info).decode("utf-8", "replace")
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError) as error:
        raise FileUnavailable(f"{file_name} is damaged: {error}") from None
    raise FileUnavailable(f"{file_name} is damaged: it has no METADATA")


def check_hash(content: bytes, sha256: str | None, what: str) -> None:
    """Raises FileUnavailable when the content has another hash."""
    if sha256 is not None and hashlib.sha256(content).hexdigest() != sha256:
        raise FileUnavailable(f"{what} is not what its source says (sha256)")
