"""The stand-in for `ipykernel.zmqshell`."""

from __future__ import annotations

from deno_kernel.display.publisher import DisplayPublisher as ZMQDisplayPublisher
from deno_kernel.ipython.shell import ZMQInteractiveShell
from IPython.core.interactiveshell import InteractiveShell, InteractiveShellABC

__all__ = ["InteractiveShell", "InteractiveShellABC", "ZMQDisplayPublisher", "ZMQInteractiveShell"]
