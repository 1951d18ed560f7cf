"""Compiled files of packages, made once for all kernels: compiling is most of what an import takes."""

from __future__ import annotations

import importlib.util
import json
import os
import site
import sys
import warnings
import zipfile
from importlib._bootstrap_external import _code_to_hash_pyc  # type: ignore[import-not-found]


def compile_wheel(wheel_path: str, target_path: str) -> None:
    """Compiles the sources of a wheel, none of which is run.

    The target is the length of a header (4 bytes, the lowest first), the header in JSON,
    `{"files": [[path, size], ...], "record": path or null}` with paths below the packages, and the files' contents.
    """
    packages = site.getsitepackages()[0]
    files: list[tuple[str, int]] = []
    contents: list[bytes] = []
    with zipfile.ZipFile(wheel_path) as wheel:
        names = sorted(wheel.namelist())
        for name in names:
            if name.endswith(".py") and not name.partition("/")[0].endswith(".data"):
                # Whoever edits an installed source is to see the change.
                content = _compiled(wheel.read(name), os.path.join(packages, name), checked=True)
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


_SELDOM = ("encodings/", "_pyrepl/")
"""What of the standard library is hardly ever imported, and much."""


def compile_archive(path: str) -> None:
    """Adds compiled files to an archive that modules are imported from, beside their sources.

    Those of modules that are loaded are left out: whoever compiles the standard library has loaded what every kernel has.
    """
    loaded = {getattr(module, "__file__", None) for module in list(sys.modules.values())}
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in archive.namelist():
            file = f"{path}/{name}"
            if name.endswith(".py") and not name.startswith(_SELDOM) and file not in loaded:
                content = _compiled(archive.read(name), file, checked=False)
                if content is not None:
                    # Without a time, for the same archive each time.
                    entry = zipfile.ZipInfo(f"{name}c")
                    entry.compress_type = zipfile.ZIP_DEFLATED
                    archive.writestr(entry, content)


def _compiled(source: bytes, path: str, *, checked: bool) -> bytes | None:
    """None for what is no Python, such as a template. `checked`: it does not count for a source with another hash."""
    try:
        with warnings.catch_warnings(action="ignore"):
            code = compile(source, path, "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
        return None
    return bytes(_code_to_hash_pyc(code, importlib.util.source_hash(source), checked))
