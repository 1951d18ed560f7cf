"""`ipykernel.comm`."""

from __future__ import annotations

from ..comms import BaseComm, Comm, CommManager

__all__ = ["BaseComm", "Comm", "CommManager"]
