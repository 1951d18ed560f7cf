"""The stand-in for `matplotlib_inline`, whose backend is the kernel's own."""

from __future__ import annotations

from deno_kernel.ipython.submodules import submodules_of

__version__ = "0.1.7"
__getattr__ = submodules_of(__name__)
