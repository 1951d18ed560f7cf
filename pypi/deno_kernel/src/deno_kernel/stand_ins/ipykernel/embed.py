"""The stand-in for `ipykernel.embed`."""

from __future__ import annotations

from IPython import embed_kernel

__all__ = ["embed_kernel"]
