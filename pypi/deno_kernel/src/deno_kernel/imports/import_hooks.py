"""Finders of stand-ins for IPython, comm and ipykernel, and of bridges to the real packages."""

from __future__ import annotations

import functools
import importlib
import os
import sys
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import TYPE_CHECKING, Any

from .package_finder import PackageFinder

if TYPE_CHECKING:
    from ..kernel import Kernel

STAND_INS = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "stand_ins")
"""The directory of the modules that are imported in the place of packages that are not installed."""
ROOTS = ("IPython", "comm", "grp", "ipykernel", "matplotlib_inline", "pip", "pwd")
"""The names that have a stand-in; their modules are found in the directory as those of any package are."""
_PRESENT = ("IPython", "ipykernel", "ipykernel.zmqshell")
"""The modules that a notebook has always imported: libraries look for them in `sys.modules`."""

_ALWAYS = {"matplotlib_inline.backend_inline": "matplotlib_inline"}
"""The modules, by name with the folder, that have a stand-in even if the real package is installed.

The real one takes the shell of a real IPython.
"""


def is_stand_in(spec: ModuleSpec | None) -> bool:
    """Returns true if a module comes from the directory of stand-ins."""
    return spec is not None and (spec.origin or "").startswith(STAND_INS + os.sep)


class StandInFinder:
    """A `StandInFinder` comes after the finders of installed packages, so that a real one is found first."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: Any = None) -> ModuleSpec | None:
        """Returns the spec of a stand-in; None for any other name. The modules inside of one are found by its path."""
        return PathFinder.find_spec(name, [STAND_INS]) if name in ROOTS else None

    def invalidate_caches(self) -> None:
        """Forgets the stand-ins of packages that are installed by now: `%pip install ipython` means the real one."""
        for root in ROOTS:
            module = sys.modules.get(root)
            if module is None or not is_stand_in(module.__spec__) or not _is_installed(root):
                continue
            for name in list(sys.modules):
                if name == root or name.startswith(f"{root}."):
                    del sys.modules[name]


def _is_installed(name: str) -> bool:
    try:
        return PathFinder.find_spec(name) is not None
    except (ImportError, ValueError):
        return False


class BridgeFinder:
    """A `BridgeFinder` is the first finder; it has a few modules changed after their import."""

    def __init__(self, bridges: dict[str, Callable[[ModuleType], None]]) -> None:
        self._bridges = bridges
        self._busy: set[str] = set()

    def find_spec(self, name: str, path: Sequence[str] | None, target: Any = None) -> ModuleSpec | None:
        """Returns the real spec of a module with a loader that calls its bridge; None for other names."""
        if name in _ALWAYS:
            return PathFinder.find_spec(name, [os.path.join(STAND_INS, _ALWAYS[name])])
        bridge = self._bridges.get(name)
        if bridge is None or name in self._busy:
            return None
        self._busy.add(name)
        try:
            spec = _find(name, path, target)
        finally:
            self._busy.discard(name)
        if spec is None or not hasattr(spec.loader, "exec_module") or is_stand_in(spec):
            return None
        spec.loader = BridgeLoader(spec.loader, bridge)  # type: ignore[assignment]
        return spec


class BridgeLoader:
    """A `BridgeLoader` loads a module with its real loader, and calls the bridge afterwards.

    The real loader is not changed for that, because all modules of a zip archive share one.
    """

    def __init__(self, loader: Any, bridge: Callable[[ModuleType], None]) -> None:
        self._loader = loader
        self._bridge = bridge

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """Returns the module that the real loader makes."""
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        """Executes the module, and calls the bridge."""
        self._loader.exec_module(module)
        self._bridge(module)


def _find(name: str, path: Sequence[str] | None, target: Any) -> ModuleSpec | None:
    for finder in sys.meta_path:
        if not isinstance(finder, BridgeFinder) and hasattr(finder, "find_spec"):
            spec = finder.find_spec(name, path, target)
            if spec is not None:
                return spec
    return None


def _advise(kernel: Kernel, error: ModuleNotFoundError) -> None:
    from .import_advice import advise  # Most kernels never need it.

    advise(kernel, error)


def install(kernel: Kernel) -> None:
    """Puts the finders of a kernel at the beginning and the end of `sys.meta_path`."""
    from .bridges import bridges_for

    sys.meta_path[:] = [
        finder for finder in sys.meta_path if not isinstance(finder, (StandInFinder, BridgeFinder, PackageFinder))
    ]
    bridges = bridges_for(kernel)
    sys.meta_path.insert(0, BridgeFinder(bridges))
    sys.meta_path += [StandInFinder(), PackageFinder(kernel, _find)]
    kernel.advise = functools.partial(_advise, kernel)
    _import_present()
    for name, bridge in bridges.items():
        if name in sys.modules:
            bridge(sys.modules[name])


def preload() -> None:
    """Imports the stand-ins that `install` imports, for a memory image: a kernel then has nothing to compile."""
    sys.meta_path.append(StandInFinder())
    _import_present()


def _import_present() -> None:
    for name in _PRESENT:
        if name not in sys.modules and not _is_installed(name.partition(".")[0]):
            importlib.import_module(name)
