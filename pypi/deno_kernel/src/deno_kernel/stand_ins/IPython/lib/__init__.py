"""The stand-in for `IPython.lib`."""

from __future__ import annotations

from deno_kernel.ipython.submodules import submodules_of

__getattr__ = submodules_of(__name__)
