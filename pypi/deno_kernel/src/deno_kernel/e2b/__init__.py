"""The parts of a kernel that programs for E2B's sandboxes expect; loaded only where `E2B_SANDBOX` asks for them."""

from __future__ import annotations

import os
from typing import Any


def prepare(kernel: Any, cwd: str) -> None:
    """Makes the working directory, and adds the forms that E2B's clients read to those of figures and tables."""
    from .formats import register

    os.makedirs(cwd, exist_ok=True)
    register(kernel.display_formatter)
