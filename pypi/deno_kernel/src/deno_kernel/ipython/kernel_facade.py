"""`get_ipython().kernel`, with the parts of ipykernel's kernel that libraries use."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from ..host.executions import current_execution

if TYPE_CHECKING:
    from ..kernel import Kernel


_SECONDS_TO_END = 0.1


class IPythonKernel:
    """An `IPythonKernel` is the kernel as libraries see it."""

    implementation = "ipython"
    implementation_version = "8.37.0"
    language = "python"

    def __init__(self, kernel: Kernel, shell: Any) -> None:
        self._kernel = kernel
        self.shell = shell
        self.comm_manager = kernel.comms

    @property
    def ident(self) -> str:
        """The id of the kernel."""
        return self._kernel.id

    @property
    def execution_count(self) -> int:
        """The number of the cell that runs, or of the last one."""
        return self._kernel.runner.count

    @property
    def user_ns(self) -> dict[str, Any]:
        """The user's namespace."""
        return self.shell.user_ns

    @property
    def user_module(self) -> Any:
        """The user's module."""
        return self.shell.user_module

    @property
    def language_info(self) -> dict[str, Any]:
        """The language, as a kernel info reply describes it."""
        version = sys.version.split()[0]
        return {
            "name": "python", "version": version, "mimetype": "text/x-python", "file_extension": ".py",
            "codemirror_mode": {"name": "ipython", "version": sys.version_info[0]}, "nbconvert_exporter": "python",
            "pygments_lexer": "ipython3",
        }  # fmt: skip

    @property
    def banner(self) -> str:
        """The text that a console shows first."""
        return self.shell.banner

    @property
    def log(self) -> Any:
        """The logger of the kernel."""
        import logging

        return logging.getLogger("ipykernel")

    def get_parent(self, channel: str | None = None) -> dict[str, Any]:
        """Returns the header of the request that is being executed, as a message."""
        execution = current_execution.get()
        if execution is None:
            return {}
        return {
            "header": {"msg_id": execution.id, "msg_type": "execute_request"}, "parent_header": {}, "metadata": {},
            "content": {"code": execution.code, "silent": execution.silent, "store_history": execution.store_history},
        }  # fmt: skip

    _parent_header = property(get_parent)

    def do_shutdown(self, restart: bool) -> dict[str, Any]:
        """Ends the kernel after the cell, as in ipykernel; a server starts a kernel again that has ended."""
        import asyncio
        import os

        asyncio.get_running_loop().call_later(_SECONDS_TO_END, os._exit, 0)
        return {"status": "ok", "restart": restart}

    def raw_input(self, prompt: str = "") -> str:
        """Asks the client, as `input` does."""
        return self._kernel.stdin.input(prompt)

    def getpass(self, prompt: str = "", stream: Any = None) -> str:
        """Asks the client, as `getpass.getpass` does."""
        return self._kernel.stdin.getpass(prompt)
