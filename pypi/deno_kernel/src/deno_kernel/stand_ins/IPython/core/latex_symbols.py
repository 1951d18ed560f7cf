"""The stand-in for `IPython.core.latex_symbols`."""

from __future__ import annotations

from deno_kernel.introspection.completion_symbols import latex_symbols as _symbols

__all__ = ["latex_symbols", "reverse_latex_symbol"]

latex_symbols = {f"\\{name}": character for name, character in _symbols().items()}
reverse_latex_symbol = {character: name for name, character in latex_symbols.items()}
