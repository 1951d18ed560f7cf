"""The stand-in for `comm.base_comm`."""

from __future__ import annotations

from deno_kernel.host.comms import BaseComm, CommManager

__all__ = ["BaseComm", "CommManager"]
