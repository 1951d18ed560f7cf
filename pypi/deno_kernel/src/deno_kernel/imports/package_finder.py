"""The finder that installs the package of a module which nothing else has found."""

from __future__ import annotations

import site
import sys
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec
from types import FrameType
from typing import TYPE_CHECKING, Any

from ..packages.archives import PackageError

if TYPE_CHECKING:
    from ..kernel import Kernel

Find = Callable[[str, Sequence[str] | None, Any], ModuleSpec | None]


class PackageFinder:
    """A `PackageFinder` is the last finder. It waits for an installation, wherever the import stands.

    A package that is just being imported has got with it what it needs. What it only tries to import is left out, as
    it would be after an installation by hand.
    """

    installs_packages = True

    def __init__(self, kernel: Kernel, find: Find) -> None:
        self._kernel = kernel
        self._find = find
        self._busy: set[str] = set()

    def find_spec(self, name: str, path: Sequence[str] | None, target: Any = None) -> ModuleSpec | None:
        """Returns the spec of a module whose package it installs; None for other modules.

        If the package cannot be had, an import raises ModuleNotFoundError with the reason.
        """
        if path is not None or "." in name or name in self._busy:
            return None
        frame = sys._getframe(1)
        is_import = is_import_asking(frame)
        importer = _importer(frame)
        if _is_being_imported(importer):
            return None
        self._busy.add(name)
        try:
            if not self._kernel.packages.missing_modules.load(name, _library_of(importer), is_import):
                return None
            # This finder is asked again meanwhile, and has nothing else to install.
            found = self._find(name, path, target)
            if found is None:
                self._kernel.packages.missing_modules.is_lacking(name)
            return found
        except (PackageError, RuntimeError) as error:
            if not is_import:
                return None
            advice = "" if isinstance(error, PackageError) else f"; import it in a cell before, or run %pip install {name}"
            raise ModuleNotFoundError(f"No module named {name!r}: {error}{advice}", name=name) from None
        finally:
            self._busy.discard(name)


_BOOTSTRAP = "importlib._bootstrap"


def is_import_asking(frame: FrameType | None) -> bool:
    """Returns true if the frame of a finder's caller belongs to an import; false for one of `importlib.util.find_spec`."""
    for _ in range(3):
        if frame is None:
            return False
        if frame.f_globals.get("__name__") == _BOOTSTRAP and frame.f_code.co_name == "_find_and_load_unlocked":
            return True
        frame = frame.f_back
    return False


def _importer(frame: FrameType | None) -> FrameType | None:
    """Returns the frame of the code that imports, which is beyond those of Python's own import system."""
    while frame is not None:
        name = frame.f_globals.get("__name__", "")
        if name.partition(".")[0] != "importlib" and not name.startswith("deno_kernel.imports"):
            return frame
        frame = frame.f_back
    return None


def _library_of(importer: FrameType | None) -> str | None:
    """Returns the top-level module of an installed package whose code imports; None for other code."""
    file = "" if importer is None else importer.f_globals.get("__file__") or ""
    if importer is None or not file.startswith(tuple(site.getsitepackages())):
        return None
    return str(importer.f_globals.get("__name__", "")).partition(".")[0]


def _is_being_imported(importer: FrameType | None) -> bool:
    """Returns true for code of an installed package whose import has not ended."""
    module = sys.modules.get(_library_of(importer) or "")
    return bool(getattr(getattr(module, "__spec__", None), "_initializing", False))
