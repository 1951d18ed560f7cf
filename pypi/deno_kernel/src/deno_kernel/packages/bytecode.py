"""Compiles packages once for all kernels, because compiling takes most of the time of an import."""

from __future__ import annotations

import importlib.util
import json
import os
import site
import sys
import warnings
import zipfile
import zlib
from importlib._bootstrap_external import _code_to_hash_pyc  # type: ignore[import-not-found]


def compile_wheel(wheel_path: str, target_path: str) -> None:
    """Compiles the sources of a wheel, without running any, and writes them to a target file.

    The target is the length of a header (4 bytes, little-endian), the header in JSON,
    `{"files": [[path, size, packed size], ...], "record": path or null}` with paths below site-packages, and the files'
    contents, each deflated.
    """
    packages = site.getsitepackages()[0]
    files: list[tuple[str, int, int]] = []
    contents: list[bytes] = []
    with zipfile.ZipFile(wheel_path) as wheel:
        names = sorted(wheel.namelist())
        for name in names:
            if name.endswith(".py") and not name.partition("/")[0].endswith(".data"):
                # Python checks these against their sources, so that edits of an installed source have an effect.
                content = _compiled(wheel.read(name), os.path.join(packages, name), checked=True)
                if content is not None:
                    packed = zlib.compress(content, wbits=-zlib.MAX_WBITS)
                    files.append((importlib.util.cache_from_source(name), len(content), len(packed)))
                    contents.append(packed)
        record = next((name for name in names if name.endswith(".dist-info/RECORD")), None)
        if record is not None and not wheel.read(record).endswith(b"\n"):
            record = None  # Without a line break at its end, no line can be added to it.
    header = json.dumps({"files": files, "record": record}).encode()
    with open(target_path, "wb") as target:
        target.write(len(header).to_bytes(4, "little") + header)
        target.writelines(contents)


_SELDOM = ("encodings/", "_pyrepl/")
"""The large parts of the standard library that are hardly ever imported."""


def compile_archive(path: str) -> None:
    """Adds compiled files to an archive from which modules are imported, beside their sources.

    Modules that are loaded now are left out, because the memory image of every kernel has them.
    """
    loaded = {getattr(module, "__file__", None) for module in list(sys.modules.values())}
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in archive.namelist():
            file = f"{path}/{name}"
            if name.endswith(".py") and not name.startswith(_SELDOM) and file not in loaded:
                content = _compiled(archive.read(name), file, checked=False)
                if content is not None:
                    # Without a time stamp, the archive is the same each time.
                    entry = zipfile.ZipInfo(f"{name}c")
                    entry.compress_type = zipfile.ZIP_DEFLATED
                    archive.writestr(entry, content)


def _compiled(source: bytes, path: str, *, checked: bool) -> bytes | None:
    """Returns the content of a .pyc file; None if the source is no Python, such as a template.

    With `checked`, Python ignores it if the hash of the source has changed.
    """
    try:
        with warnings.catch_warnings(action="ignore"):
            code = compile(source, path, "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
        return None
    return bytes(_code_to_hash_pyc(code, importlib.util.source_hash(source), checked))
