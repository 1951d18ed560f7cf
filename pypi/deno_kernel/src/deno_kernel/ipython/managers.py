"""The parts of the shell that are made when they are first used: magics, aliases, extensions, history, hooks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..kernel import Kernel
    from .alias_manager import AliasManager
    from .cell_compiler import CellCompiler
    from .extension_manager import ExtensionManager
    from .history_manager import HistoryManager
    from .hooks import Hooks
    from .magic_registry import MagicRegistry


class Managers:
    """A `Managers` has the managers of a shell, and the methods of the shell that stand for theirs."""

    _kernel: Kernel

    def __init__(self, magic_groups: Mapping[str, str], own_extensions: Mapping[str, str]) -> None:
        self._magic_groups = magic_groups
        self._own_extensions = own_extensions

    @cached_property
    def magics_manager(self) -> MagicRegistry:
        """The registry of magics."""
        from .magic_registry import MagicRegistry

        return MagicRegistry(self, self._magic_groups)  # type: ignore[arg-type]

    @cached_property
    def alias_manager(self) -> AliasManager:
        """The aliases of the session."""
        from .alias_manager import AliasManager

        return AliasManager(self)

    @cached_property
    def extension_manager(self) -> ExtensionManager:
        """The extension manager, which loads extensions and knows the loaded ones."""
        from .extension_manager import ExtensionManager

        return ExtensionManager(self, self._own_extensions)

    @cached_property
    def history_manager(self) -> HistoryManager:
        """The history of the session."""
        from .history_manager import HistoryManager

        return HistoryManager(self._kernel, self)

    @cached_property
    def hooks(self) -> Hooks:
        """The functions that `set_hook` has set."""
        from .hooks import Hooks

        return Hooks()

    @cached_property
    def compile(self) -> CellCompiler:
        """The compiler of cells."""
        from .cell_compiler import CellCompiler

        return CellCompiler(self._kernel.compiler)

    @cached_property
    def Completer(self) -> Any:  # noqa: N802 - the name in IPython
        """The completer of the user's namespace."""
        from .completion.completer import IPCompleter

        return IPCompleter(shell=self)

    @cached_property
    def inspector(self) -> Any:
        """The object that describes others."""
        from .inspector import Inspector

        return Inspector()

    # Magics

    def run_line_magic(self, magic_name: str, line: str, _stack_depth: int = 1) -> Any:
        """Runs the line magic `%name line` and returns its value."""
        return self.magics_manager.run_line(magic_name, line)

    def run_cell_magic(self, magic_name: str, line: str, cell: str) -> Any:
        """Runs the cell magic `%%name line` with a cell and returns its value."""
        return self.magics_manager.run_cell(magic_name, line, cell)

    def magic(self, arg_s: str) -> Any:
        """Runs a line magic that is written in one str."""
        name, _, rest = arg_s.lstrip("%").partition(" ")
        return self.run_line_magic(name, rest)

    def register_magic_function(self, func: Any, magic_kind: str = "line", magic_name: str | None = None) -> None:
        """Makes a function a magic of the kind "line", "cell" or "line_cell"."""
        self.magics_manager.register_function(func, magic_kind, magic_name)

    def register_magics(self, *magics: Any) -> None:
        """Registers subclasses of Magics, or their instances."""
        self.magics_manager.register(*magics)

    def find_line_magic(self, magic_name: str) -> Any:
        """Returns the function of a line magic; None if there is none."""
        return self.magics_manager.find(magic_name, "line")

    def find_cell_magic(self, magic_name: str) -> Any:
        """Returns the function of a cell magic; None if there is none."""
        return self.magics_manager.find(magic_name, "cell")

    def find_magic(self, magic_name: str, magic_kind: str = "line") -> Any:
        """Returns the function of a magic; None if there is none."""
        return self.magics_manager.find(magic_name, magic_kind)

    # The others

    def register_post_execute(self, func: Callable[..., Any]) -> None:
        """Has a function called after each cell; raises ValueError for something that cannot be called."""
        if not callable(func):
            raise ValueError(f"argument {func} must be callable")
        self._kernel.callbacks.register("post_execute", func)

    def set_hook(self, name: str, hook: Any, priority: int = 50, str_key: Any = None, re_key: Any = None) -> None:
        """Has a function called by the kernel; raises ValueError for a hook that this kernel never calls."""
        self.hooks.set(self, name, hook, priority, str_key, re_key)

    def set_custom_completer(self, completer: Callable[..., Any], pos: int = 0) -> None:
        """Adds a function that completes words: `completer(shell, text)` returns matches."""
        self.hooks.completers.insert(pos, lambda event: completer(self, event.symbol))
