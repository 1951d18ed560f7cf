"""Parses code that somebody else compiles, without its warnings."""

from __future__ import annotations

import ast
import warnings
from typing import Any


def parse_quietly(source: str, mode: str = "exec") -> Any:
    """Returns the syntax tree of code. The compiler warns of the code when it runs; once is enough."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(source, mode=mode)
