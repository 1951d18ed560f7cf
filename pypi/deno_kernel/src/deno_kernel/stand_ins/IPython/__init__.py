"""The stand-in for `IPython`."""

from __future__ import annotations

import sys
from typing import Any

from deno_kernel.ipython.submodules import submodules_of
from IPython.core.getipython import get_ipython
from IPython.core.release import version as __version__
from IPython.core.release import version_info

__all__ = [
    "InteractiveShell", "embed", "embed_kernel", "extract_module_locals", "get_ipython", "start_ipython",
    "start_kernel", "sys_info", "version_info",
]  # fmt: skip

__author__ = ""
__license__ = "BSD"
__patched_cves__ = {"CVE-2022-21699", "CVE-2023-24816"}
_submodule = submodules_of(__name__)


def __getattr__(name: str) -> Any:
    if name == "InteractiveShell":
        from IPython.core.interactiveshell import InteractiveShell

        return InteractiveShell
    if name == "sys_info":
        from IPython.utils.sysinfo import sys_info

        return sys_info
    if name == "Application":  # Code asks for its only instance, which is the program of the kernel.
        from ipykernel.kernelapp import IPKernelApp

        return IPKernelApp
    if name == "release":
        from IPython.core import release

        return release
    return _submodule(name)


def embed(*args: Any, **kwargs: Any) -> None:
    """Raises NotImplementedError, because a cell cannot open a terminal."""
    raise NotImplementedError("Cannot embed a terminal shell: this kernel has no terminal; use breakpoint()")


def embed_kernel(module: Any = None, local_ns: Any = None, **kwargs: Any) -> None:
    """Raises NotImplementedError, because the process of a kernel has one kernel."""
    raise NotImplementedError("Cannot embed a kernel: this code runs in a kernel already; use breakpoint()")


def start_ipython(argv: Any = None, **kwargs: Any) -> None:
    """Raises NotImplementedError, because a cell cannot open a terminal."""
    raise NotImplementedError("Cannot start a terminal shell: this kernel has no terminal")


def start_kernel(argv: Any = None, **kwargs: Any) -> None:
    """Raises NotImplementedError, because the process of a kernel has one kernel."""
    raise NotImplementedError("Cannot start a kernel: this code runs in a kernel already")


def extract_module_locals(depth: int = 0) -> tuple[Any, dict[str, Any]]:
    """Returns the module and the local variables of the caller, or of a frame further up."""
    frame = sys._getframe(depth + 1)
    return sys.modules[frame.f_globals["__name__"]], frame.f_locals
