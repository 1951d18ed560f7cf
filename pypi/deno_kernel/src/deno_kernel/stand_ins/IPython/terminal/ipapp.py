"""The stand-in for `IPython.terminal.ipapp`."""

from __future__ import annotations

from typing import Any

from IPython import start_ipython

__all__ = ["TerminalIPythonApp", "launch_new_instance", "load_default_config"]


class TerminalIPythonApp:
    """A `TerminalIPythonApp` is the program `ipython`, which a kernel cannot start."""

    def __init__(self, *args: Any, **options: Any) -> None:
        raise NotImplementedError("Cannot start a terminal shell: this kernel has no terminal")

    @classmethod
    def initialized(cls) -> bool:
        """Returns false, because there is no such program in this process."""
        return False


launch_new_instance = start_ipython


def load_default_config(ipython_dir: str | None = None) -> Any:
    """Returns the configuration of the shell."""
    from deno_kernel.current import running_shell

    return running_shell().config
