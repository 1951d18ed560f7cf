"""The stand-in for `ipykernel.displayhook`."""

from __future__ import annotations

from deno_kernel.execution.results import ResultDisplay

__all__ = ["ZMQDisplayHook", "ZMQShellDisplayHook"]


ZMQDisplayHook = ZMQShellDisplayHook = ResultDisplay
