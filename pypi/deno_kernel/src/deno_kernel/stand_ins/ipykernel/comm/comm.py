"""The stand-in for `ipykernel.comm.comm`."""

from __future__ import annotations

from deno_kernel.host.comms import BaseComm, Comm

__all__ = ["BaseComm", "Comm"]
