"""The stand-in for `comm`: channels between Python objects and the front end."""

from __future__ import annotations

from deno_kernel.host.comms import BaseComm, CommManager, create_comm, get_comm_manager

__all__ = ["BaseComm", "CommManager", "create_comm", "get_comm_manager"]
