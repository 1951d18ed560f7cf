"""Finders of stand-ins for IPython, comm and ipykernel, and of bridges to the real packages."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import TYPE_CHECKING, Any

from .package_finder import PackageFinder

if TYPE_CHECKING:
    from ..kernel import Kernel

_STAND_INS = {
    "IPython": "ipython",
    "IPython.core": "empty",
    "IPython.core.display": "ipython_display",
    "IPython.core.display_functions": "ipython_display",
    "IPython.core.displaypub": "ipython_display",
    "IPython.core.error": "ipython_error",
    "IPython.core.formatters": "ipython_formatters",
    "IPython.core.getipython": "ipython_getipython",
    "IPython.core.interactiveshell": "ipython_interactiveshell",
    "IPython.core.magic": "ipython_magic",
    "IPython.core.magic_arguments": "ipython_magic_arguments",
    "IPython.core.pylabtools": "ipython_pylabtools",
    "IPython.display": "ipython_display",
    "IPython.lib": "empty",
    "IPython.lib.display": "ipython_display",
    "IPython.lib.pretty": "ipython_pretty",
    "IPython.utils": "empty",
    "IPython.utils.capture": "ipython_capture",
    "IPython.utils.io": "ipython_capture",
    "comm": "comm",
    "comm.base_comm": "comm",
    "grp": "grp",
    "ipykernel": "empty",
    "ipykernel.comm": "ipykernel_comm",
    "ipykernel.comm.comm": "ipykernel_comm",
    "ipykernel.comm.manager": "ipykernel_comm",
    "matplotlib_inline": "matplotlib_inline",
    "matplotlib_inline.backend_inline": "matplotlib_inline",
    "pwd": "pwd",
}
_PACKAGES = {name.rpartition(".")[0] for name in _STAND_INS}


class StandInFinder:
    """A `StandInFinder` comes after the finders of installed packages, so that a real one is found first."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: Any = None) -> ModuleSpec | None:
        """Returns the spec of a stand-in; None for any other name, and inside of a real package."""
        source = _STAND_INS.get(name)
        if source is None:
            return None
        parent = name.rpartition(".")[0]
        if parent and not getattr(sys.modules.get(parent), "__deno_kernel__", False):
            return None
        return ModuleSpec(name, StandInLoader(source), is_package=name in _PACKAGES)


class StandInLoader:
    """A `StandInLoader` fills a module with the public names of a module in `stand_ins`."""

    def __init__(self, source: str) -> None:
        self._source = source

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """Returns None, so that Python makes the module."""
        return None

    def exec_module(self, module: ModuleType) -> None:
        """Copies the public names."""
        source = importlib.import_module(f"deno_kernel.stand_ins.{self._source}")
        module.__dict__["__deno_kernel__"] = True
        module.__doc__ = source.__doc__
        for name in source.__all__:
            module.__dict__[name] = getattr(source, name)


class BridgeFinder:
    """A `BridgeFinder` is the first finder; it has a few modules changed after their import."""

    def __init__(self, bridges: dict[str, Callable[[ModuleType], None]]) -> None:
        self._bridges = bridges
        self._busy: set[str] = set()

    def find_spec(self, name: str, path: Sequence[str] | None, target: Any = None) -> ModuleSpec | None:
        """Returns the real spec of a module with a loader that calls its bridge; None for other names."""
        bridge = self._bridges.get(name)
        if bridge is None or name in self._busy:
            return None
        self._busy.add(name)
        try:
            spec = _find(name, path, target)
        finally:
            self._busy.discard(name)
        if spec is None or not hasattr(spec.loader, "exec_module") or isinstance(spec.loader, StandInLoader):
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


def install(kernel: Kernel) -> None:
    """Puts the finders of a kernel at the beginning and the end of `sys.meta_path`."""
    from .bridges import bridges_for

    sys.meta_path[:] = [
        finder for finder in sys.meta_path if not isinstance(finder, (StandInFinder, BridgeFinder, PackageFinder))
    ]
    bridges = bridges_for(kernel)
    sys.meta_path.insert(0, BridgeFinder(bridges))
    sys.meta_path += [StandInFinder(), PackageFinder(kernel, _find)]
    for name, bridge in bridges.items():
        if name in sys.modules:
            bridge(sys.modules[name])
