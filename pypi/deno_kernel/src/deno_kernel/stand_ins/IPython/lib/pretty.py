"""The stand-in for `IPython.lib.pretty`."""

from __future__ import annotations

from typing import Any

from deno_kernel.display.pretty import Pretty, pprint, pretty

__all__ = ["PrettyPrinter", "RepresentationPrinter", "for_type", "pprint", "pretty"]

PrettyPrinter = RepresentationPrinter = Pretty


def for_type(typ: type, func: Any) -> Any:
    """Registers a pretty printer for a type, and returns the earlier one."""
    from deno_kernel.display.pretty_types import PRINTERS

    old = PRINTERS.get(typ)
    if func is not None:
        PRINTERS[typ] = func
    return old
