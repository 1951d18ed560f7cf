"""The stand-in for `ipykernel.kernelbase`."""

from __future__ import annotations

from deno_kernel.ipython.kernel_facade import IPythonKernel

__all__ = ["Kernel"]


Kernel = IPythonKernel
