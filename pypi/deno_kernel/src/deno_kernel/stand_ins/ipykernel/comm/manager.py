"""The stand-in for `ipykernel.comm.manager`."""

from __future__ import annotations

from deno_kernel.host.comms import CommManager

__all__ = ["CommManager"]
