"""Stand-ins for IPython, comm and ipykernel where they are not installed, and bridges where they are."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import TYPE_CHECKING, Any

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
    "ipykernel": "empty",
    "ipykernel.comm": "ipykernel_comm",
    "ipykernel.comm.comm": "ipykernel_comm",
    "ipykernel.comm.manager": "ipykernel_comm",
    "matplotlib_inline": "matplotlib_inline",
    "matplotlib_inline.backend_inline": "matplotlib_inline",
}
_PACKAGES = {name.rpartition(".")[0] for name in _STAND_INS}


class StandInFinder:
    """The last finder: a real package of the same name has been found before it is asked."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: Any = None) -> ModuleSpec | None:
        """The spec of a stand-in; None for any other name, and below a real package."""
        source = _STAND_INS.get(name)
        if source is None:
            return None
        parent = name.rpartition(".")[0]
        if parent and not getattr(sys.modules.get(parent), "__deno_kernel__", False):
            return None
        return ModuleSpec(name, StandInLoader(source), is_package=name in _PACKAGES)


class StandInLoader:
    """Fills a module with the public names of one of ours."""

    def __init__(self, source: str) -> None:
        self._source = source

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """The default one."""
        return None

    def exec_module(self, module: ModuleType) -> None:
        """Copies the names."""
        source = importlib.import_module(f"deno_kernel.stand_ins.{self._source}")
        module.__dict__["__deno_kernel__"] = True
        module.__doc__ = source.__doc__
        for name in source.__all__:
            module.__dict__[name] = getattr(source, name)


class BridgeFinder:
    """The first finder: lets the others find a few modules, and adapts those after their import."""

    def __init__(self, bridges: dict[str, Callable[[ModuleType], None]]) -> None:
        self._bridges = bridges
        self._busy: set[str] = set()

    def find_spec(self, name: str, path: Sequence[str] | None, target: Any = None) -> ModuleSpec | None:
        """The real spec with a loader that calls the bridge; None for other names."""
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
    """A loader that calls the bridge afterwards.

    The real one is not changed for that: all modules of a zip archive share a loader.
    """

    def __init__(self, loader: Any, bridge: Callable[[ModuleType], None]) -> None:
        self._loader = loader
        self._bridge = bridge

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """What the real loader makes."""
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        """Runs the module, then the bridge."""
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
    """Puts both finders in their places."""
    from .bridges import bridges_for

    sys.meta_path[:] = [
        finder for finder in sys.meta_path if not isinstance(finder, (StandInFinder, BridgeFinder))
    ]
    bridges = bridges_for(kernel)
    sys.meta_path.insert(0, BridgeFinder(bridges))
    sys.meta_path.append(StandInFinder())
    for name, bridge in bridges.items():
        if name in sys.modules:
            bridge(sys.modules[name])
