"""The stand-in for `IPython.core.displayhook`."""

from __future__ import annotations

from deno_kernel.execution.results import ResultDisplay

__all__ = ["DisplayHook"]


DisplayHook = ResultDisplay
