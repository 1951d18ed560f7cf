"""The stand-in for `ipykernel.iostream`."""

from __future__ import annotations

import sys

__all__ = ["OutStream"]


OutStream = type(sys.__stdout__)
