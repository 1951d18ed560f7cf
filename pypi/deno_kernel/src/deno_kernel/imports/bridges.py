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

    return {"getpass": getpass, "comm": _comm, "micropip": micropip, "pdb": _pdb, "IPython.core.getipython": _getipython,
            "IPython.core.display_functions": _display_functions, **LIBRARIES, **pip_processes(kernel)}  # fmt: skip


def _comm(module: Any) -> None:
    from ..host import comms

    module.create_comm = comms.create_comm
    module.get_comm_manager = comms.get_comm_manager


def _pdb(module: Any) -> None:
    from ..debugging.pdb_bridge import bridge

    bridge(module)


def _getipython(module: Any) -> None:
    from ..current import running_shell

    module.get_ipython = running_shell


def _display_functions(module: Any) -> None:
    from ..display import functions

    for name in ("display", "update_display", "publish_display_data", "clear_output", "DisplayHandle"):
        setattr(module, name, getattr(functions, name))
