"""The stand-in for `ipykernel.comm`."""

from __future__ import annotations

from ..host.comms import BaseComm, Comm, CommManager

__all__ = ["BaseComm", "Comm", "CommManager"]
