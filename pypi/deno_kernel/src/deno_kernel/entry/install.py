"""Installs a kernel: everything that it changes in its process."""

from __future__ import annotations

import builtins
import io
import os
import sys
from typing import Any, NoReturn

from .. import current
from ..display.functions import display
from ..figures import inline_config
from ..host.comms import use_comm_manager
from ..imports import import_hooks
from ..ipython.shell import ZMQInteractiveShell
from ..kernel import Kernel
from ..magics import EXTENSIONS, GROUPS
from ..waiting.builtin_function import BuiltinFunction
from ..waiting.stdin_streams import KernelStdin, StdinBytes, opening, reading

# Those of Python, also when a second kernel is installed.
_open, _read, _input = io.open, os.read, builtins.input


class Leave:
    """A `Leave` is `exit` or `quit`, which end the cell and not the kernel."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __repr__(self) -> str:
        return f"{self._name}() ends the cell with SystemExit; the kernel goes on"

    def __call__(self, code: Any = None, keep_kernel: bool = False) -> NoReturn:
        raise SystemExit(code)


def install(kernel: Kernel) -> None:
    """Makes a kernel that of this process: streams, input, SIGINT, `get_ipython`, import hooks."""
    kernel.events.adopt_streams()
    kernel.interrupts.install()
    use_comm_manager(kernel.comms)
    stdin = StdinBytes(kernel.stdin)
    sys.stdin = sys.__stdin__ = KernelStdin(stdin)  # type: ignore[misc]
    builtins.open = io.open = opening(_open, stdin)
    os.read = reading(_read, stdin)
    sys.displayhook = kernel.results
    # Code looks for these prompts to learn that it runs interactively.
    sys.ps1, sys.ps2, sys.ps3 = "In : ", "...: ", "Out: "  # type: ignore[attr-defined]
    shell = ZMQInteractiveShell(kernel, GROUPS, EXTENSIONS)
    current.use(kernel, shell)
    builtins.input = BuiltinFunction(kernel.stdin.input, _input, "builtins")
    builtins.get_ipython = shell.get_ipython  # type: ignore[attr-defined]
    builtins.display = display  # type: ignore[attr-defined]
    builtins.__IPYTHON__ = True  # type: ignore[attr-defined]
    kernel.namespace.install(get_ipython=shell.get_ipython, exit=Leave("exit"), quit=Leave("quit"))
    import_hooks.install(kernel)
    inline_config.register(kernel.display_formatter)
    os.environ.setdefault("MPLBACKEND", inline_config.BACKEND)
    if not any(sys.argv):  # Libraries know a notebook by the name of its program, and argparse shows the name.
        sys.argv = ["ipykernel_launcher.py"]
    if "" not in sys.path:
        sys.path.insert(0, "")
    kernel.runner.builtins.learn()
