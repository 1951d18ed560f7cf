"""Changes to real modules that make them use this kernel."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING, Any

from .libraries import LIBRARIES
from .pip_processes import pip_processes

if TYPE_CHECKING:
    from ..kernel import Kernel


def bridges_for(kernel: Kernel) -> dict[str, Callable[[ModuleType], None]]:
    """Returns the functions that change a module after its import, by the name of the module."""

    def getpass(module: Any) -> None:
        module.getpass = kernel.stdin.getpass

    def micropip(module: Any) -> None:
        from .micropip import installing, uninstalling

        module.install = installing(kernel.packages)
        module.uninstall = uninstalling(kernel.packages)

    return {"getpass": getpass, "comm": _comm, "micropip": micropip, "pdb": _pdb, "webbrowser": _webbrowser,
            "IPython.core.getipython": _getipython,
            "IPython.core.display_functions": _display_functions, **LIBRARIES, **pip_processes(kernel)}  # fmt: skip


def _comm(module: Any) -> None:
    from ..host import comms

    module.create_comm = comms.create_comm
    module.get_comm_manager = comms.get_comm_manager


def _pdb(module: Any) -> None:
    from ..debugging.pdb_bridge import bridge

    bridge(module)


def _webbrowser(module: Any) -> None:
    """Gives Pyodide's module, which is for the page of a browser, what CPython does on a machine without one."""
    original = module.get
    module._browsers.clear()

    def get(using: str | None = None) -> Any:
        if using is None and not module._browsers:
            raise module.Error("could not locate runnable browser: this kernel has none")
        return original(using if using is not None else next(iter(module._browsers)))

    def open(url: str, new: int = 0, autoraise: bool = True) -> bool:
        return any(get(name).open(url, new, autoraise) for name in list(module._browsers))

    module.get, module.open = get, open
    module.open_new = lambda url: open(url, 1)
    module.open_new_tab = lambda url: open(url, 2)


def _getipython(module: Any) -> None:
    from ..current import running_shell

    module.get_ipython = running_shell


def _display_functions(module: Any) -> None:
    from ..display import functions

    for name in ("display", "update_display", "publish_display_data", "clear_output", "DisplayHandle"):
        setattr(module, name, getattr(functions, name))
