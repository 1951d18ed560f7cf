"""The stand-in for `IPython.utils.coloransi`."""

from __future__ import annotations

from typing import Any

__all__ = ["ColorScheme", "InputTermColors", "NoColors", "TermColors"]


class TermColors:
    """A `TermColors` has the ANSI escapes of colours by their names."""

    NoColor = ""
    Normal = "\033[0m"


_NAMES = "Black Red Green Brown Blue Purple Cyan LightGray".split()
_LIGHT = "DarkGray LightRed LightGreen Yellow LightBlue LightPurple LightCyan White".split()
for _number, (_name, _light) in enumerate(zip(_NAMES, _LIGHT, strict=True)):
    setattr(TermColors, _name, f"\033[0;{30 + _number}m")
    setattr(TermColors, _light, f"\033[1;{30 + _number}m")
InputTermColors = TermColors


class NoColors:
    """A `NoColors` has no escape for any colour."""

    NoColor = Normal = ""

    def __getattr__(self, name: str) -> str:
        if name.startswith("_"):
            raise AttributeError(name)
        return ""


class ColorScheme:
    """A `ColorScheme` has a name and colours by theirs."""

    def __init__(self, name: str, colordict: dict[str, Any] | None = None, **colormap: Any) -> None:
        from IPython.utils.ipstruct import Struct

        self.name = name
        self.colors = Struct({**(colordict or {}), **colormap})

    def copy(self, name: str | None = None) -> ColorScheme:
        """Returns a copy, under another name if one is given."""
        return ColorScheme(name or self.name, self.colors)
