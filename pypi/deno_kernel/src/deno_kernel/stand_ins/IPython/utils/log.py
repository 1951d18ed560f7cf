"""The stand-in for `IPython.utils.log`."""

from __future__ import annotations

import logging

__all__ = ["get_logger"]


get_logger = logging.getLogger
