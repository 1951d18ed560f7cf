"""Changes to real modules that make them use this kernel."""

from __future__ import annotations

import errno
from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING, Any, NoReturn

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

    return {"concurrent.futures.process": _process_pools, "pty": _pty, "zoneinfo._common": _zoneinfo, "getpass": getpass, "comm": _comm, "micropip": micropip, "pdb": _pdb, "webbrowser": _webbrowser,
            "IPython.core.getipython": _getipython,
            "IPython.core.display_functions": _display_functions, **LIBRARIES, **pip_processes(kernel)}  # fmt: skip


def _comm(module: Any) -> None:
    from ..host import comms

    module.create_comm = comms.create_comm
    module.get_comm_manager = comms.get_comm_manager


def _process_pools(module: Any) -> None:
    """Says in a sentence why there are none; libraries look for the NotImplementedError."""
    module._system_limits_checked = True
    module._system_limited = "Cannot start a pool of processes: this kernel has no processes; use asyncio, or several kernels"


def _zoneinfo(module: Any) -> None:
    """Says how a kernel gets the data of time zones, where Pyodide tells of its own loader."""
    original = module.load_tzdata

    def load_tzdata(key: str) -> Any:
        try:
            return original(key)
        except module.ZoneInfoNotFoundError:
            text = f"No time zone found with key {key}; the data of time zones is in a package: %pip install tzdata"
            raise module.ZoneInfoNotFoundError(text) from None

    module.load_tzdata = load_tzdata


def _pty(module: Any) -> None:

    def refuse(*args: Any, **options: Any) -> NoReturn:
        raise OSError(errno.ENOSYS, "Function not implemented: this kernel has no terminal")

    # The module looks through the names of terminals when the system has none to give.
    module.openpty = module.fork = module.spawn = refuse


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
