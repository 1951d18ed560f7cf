"""Compiled files of packages, made once for all kernels: compiling is most of what an import takes."""

from __future__ import annotations

import importlib.util
import json
import os
import site
import warnings
import zipfile
from importlib._bootstrap_external import _code_to_hash_pyc  # type: ignore[import-not-found]


def compile_wheel(wheel_path: str, target_path: str) -> None:
    """Compiles the sources of a wheel, none of which is run.

    The target is the length of a header (4 bytes, the lowest first), the header in JSON,
    `{"files": [[path, size], ...], "record": path or null}` with paths below the packages, and the files' contents.
    """
    files: list[tuple[str, int]] = []
    contents: list[bytes] = []
    with zipfile.ZipFile(wheel_path) as wheel:
        names = sorted(wheel.namelist())
        for name in names:
            if name.endswith(".py") and not name.partition("/")[0].endswith(".data"):
                content = _compiled(wheel.read(name), name)
                if content is not None:
                    files.append((importlib.util.cache_from_source(name), len(content)))
                    contents.append(content)
        record = next((name for name in names if name.endswith(".dist-info/RECORD")), None)
        if record is not None and not wheel.read(record).endswith(b"\n"):
            record = None  # Nothing can be added to it.
    header = json.dumps({"files": files, "record": record}).encode()
    with open(target_path, "wb") as target:
        target.write(len(header).to_bytes(4, "little") + header)
        target.writelines(contents)


def _compiled(source: bytes, name: str) -> bytes | None:
    """None for what is no Python, such as a template."""
    path = os.path.join(site.getsitepackages()[0], name)
    try:
        with warnings.catch_warnings(action="ignore"):
            code = compile(source, path, "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
        return None
    # It counts for as long as the source has this hash: whoever edits an installed source sees the change.
    return bytes(_code_to_hash_pyc(code, importlib.util.source_hash(source), True))
