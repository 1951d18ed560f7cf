"""Loads and unloads IPython's extensions."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping
from typing import Any


class ExtensionManager:
    """An `ExtensionManager` loads extensions, which are modules with a function `load_ipython_extension(shell)`."""

    def __init__(self, shell: Any, own: Mapping[str, str]) -> None:
        self.shell = shell
        self._own = own
        self.loaded: set[str] = set()
        self._left_out: set[str] = set()

    def load_extension(self, module_str: str) -> str | None:
        """Imports an extension and calls its `load_ipython_extension`; returns None, or a reason."""
        if module_str in self.loaded:
            return "already loaded"
        load = getattr(self._module(module_str), "load_ipython_extension", None)
        if load is None:
            return "no load function"
        load(self.shell)
        self.loaded.add(module_str)
        return None

    def unload_extension(self, module_str: str) -> str | None:
        """Calls the `unload_ipython_extension` of an extension; returns None, or a reason."""
        if module_str not in self.loaded:
            return "not loaded"
        unload = getattr(self._module(module_str), "unload_ipython_extension", None)
        if unload is None:
            return "no unload function"
        unload(self.shell)
        self.loaded.discard(module_str)
        return None

    def reload_extension(self, module_str: str) -> None:
        """Unloads an extension, imports its module again, and loads it."""
        self.unload_extension(module_str)
        self.loaded.discard(module_str)
        name = self._name(module_str)
        if name in sys.modules:
            importlib.reload(sys.modules[name])
        self.load_extension(module_str)

    def _name(self, name: str) -> str:
        return self._own.get(name.removeprefix("IPython.extensions."), name)

    def _module(self, name: str) -> Any:
        importlib.invalidate_caches()  # The cell before may have written the file.
        return importlib.import_module(self._name(name))

    def note_left_out(self, name: str) -> bool:
        """Notes an extension that is not installed and not needed; returns true the first time."""
        new = name not in self._left_out
        self._left_out.add(name)
        return new
