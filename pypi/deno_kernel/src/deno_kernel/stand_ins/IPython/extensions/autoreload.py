"""The stand-in for `IPython.extensions.autoreload`."""

from __future__ import annotations

from deno_kernel.magics.autoreload import AutoreloadMagics, load_ipython_extension
from deno_kernel.magics.autoreload import Reloader as ModuleReloader
from deno_kernel.magics.autoreload import reload as superreload


__all__ = ["AutoreloadMagics", "ModuleReloader", "load_ipython_extension", "superreload"]
