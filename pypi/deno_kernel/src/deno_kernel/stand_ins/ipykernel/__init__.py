"""The stand-in for `ipykernel`."""

from __future__ import annotations

from deno_kernel.ipython.submodules import submodules_of
from ipykernel._version import __version__, kernel_protocol_version, kernel_protocol_version_info, version_info
from ipykernel.connect import connect_qtconsole, get_connection_file, get_connection_info

__all__ = [
    "__version__", "connect_qtconsole", "get_connection_file", "get_connection_info", "kernel_protocol_version",
    "kernel_protocol_version_info", "version_info",
]  # fmt: skip
__getattr__ = submodules_of(__name__)
