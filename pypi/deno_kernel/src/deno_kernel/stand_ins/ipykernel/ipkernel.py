"""The stand-in for `ipykernel.ipkernel`."""

from __future__ import annotations

from deno_kernel.ipython.kernel_facade import IPythonKernel
from ipykernel.zmqshell import ZMQInteractiveShell

__all__ = ["IPythonKernel", "Kernel", "ZMQInteractiveShell"]


Kernel = IPythonKernel
