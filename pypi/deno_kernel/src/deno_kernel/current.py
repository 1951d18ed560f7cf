"""The kernel of this process and its shell, for code that is handed neither.

Every module may import this one, which imports no other.
"""

from __future__ import annotations

from typing import Any

# Their classes are above this module, and stay unnamed here.
_kernel: Any = None
_shell: Any = None


def running_kernel() -> Any:
    """Returns the `Kernel` of this process; None before one is installed."""
    return _kernel


def running_shell() -> Any:
    """Returns the `InteractiveShell` of this process; None before a kernel is installed."""
    return _shell


def use(kernel: Any, shell: Any) -> tuple[Any, Any]:
    """Makes a kernel and its shell those of this process, and returns the pair that was there before."""
    global _kernel, _shell
    before = _kernel, _shell
    _kernel, _shell = kernel, shell
    return before
