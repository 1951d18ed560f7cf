"""The stand-in for `ipykernel.comm`."""

from __future__ import annotations

from deno_kernel.host.comms import BaseComm, Comm, CommManager

__all__ = ["BaseComm", "Comm", "CommManager"]
