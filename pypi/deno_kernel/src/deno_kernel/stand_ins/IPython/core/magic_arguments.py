"""The stand-in for `IPython.core.magic_arguments`."""

from __future__ import annotations

from deno_kernel.ipython.magic_arguments import (
    MagicArgumentParser,
    argument,
    argument_group,
    defaults,
    kwds,
    magic_arguments,
    parse_argstring,
)  # fmt: skip

__all__ = [
    "MagicArgumentParser", "argument", "argument_group", "defaults", "kwds", "magic_arguments",
    "parse_argstring",
]  # fmt: skip
