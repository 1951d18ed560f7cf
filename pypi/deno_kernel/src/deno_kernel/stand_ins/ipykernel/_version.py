"""The stand-in for `ipykernel._version`: the version of ipykernel that this kernel behaves like."""

from __future__ import annotations

__all__ = ["__version__", "kernel_protocol_version", "kernel_protocol_version_info", "version_info"]


__version__ = "6.29.5"
version_info = (6, 29, 5)
kernel_protocol_version_info = (5, 3)
kernel_protocol_version = "5.3"
