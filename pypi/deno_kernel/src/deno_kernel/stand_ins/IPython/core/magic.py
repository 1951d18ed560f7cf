"""The stand-in for `IPython.core.magic`."""

from __future__ import annotations

from typing import Any

from deno_kernel.ipython.magic import (
    MAGIC_NO_VAR_EXPAND_ATTR,
    MAGIC_OUTPUT_CAN_BE_SILENCED,
    UsageError,
    cell_magic,
    line_cell_magic,
    line_magic,
    magics_class,
    needs_local_scope,
    no_var_expand,
    output_can_be_silenced,
    register_cell_magic,
    register_line_cell_magic,
    register_line_magic,
)  # fmt: skip
from deno_kernel.ipython.magic import Magics as _Magics
from deno_kernel.ipython.magic_registry import MagicRegistry as MagicsManager

__all__ = [
    "MAGIC_NO_VAR_EXPAND_ATTR", "MAGIC_OUTPUT_CAN_BE_SILENCED", "Bunch", "Magics", "MagicsManager", "UsageError",
    "cell_magic", "line_cell_magic", "line_magic", "magic_escapes", "magic_kinds", "magics_class",
    "needs_local_scope", "no_var_expand", "on_off", "output_can_be_silenced", "register_cell_magic",
    "register_line_cell_magic", "register_line_magic",
]  # fmt: skip

magic_escapes = {"line": "%", "cell": "%%"}
magic_kinds = ("line", "cell")
_with_traits: list[type] = []


def __getattr__(name: str) -> Any:
    """Returns `Magics`; its classes have settings as soon as traitlets is installed, as in IPython."""
    if name != "Magics":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if not _with_traits:
        try:
            from traitlets.config.configurable import Configurable  # type: ignore[import-not-found]
        except ImportError:
            return _Magics
        _with_traits.append(_configurable(Configurable))
    return _with_traits[0]


def _configurable(base: Any) -> type:
    class Magics(_Magics, base):  # type: ignore[misc, valid-type]
        """A `Magics` is a group of magics that share a shell, with traits that `%config` sets."""

        def __init__(self, shell: Any = None, **options: Any) -> None:
            base.__init__(self, config=None if shell is None else _traitlets_config(shell.config), **options)
            _Magics.__init__(self, shell)
            if shell is not None:
                shell.configurables.append(self)

    Magics.__module__ = __name__
    Magics.__qualname__ = "Magics"
    return Magics


def _traitlets_config(config: dict[str, Any]) -> Any:
    from traitlets.config import Config  # type: ignore[import-not-found]

    return Config({key: dict(value) for key, value in config.items() if isinstance(value, dict)})


class Bunch:
    """A `Bunch` is an object with attributes."""


def on_off(tag: Any) -> str:
    """Returns ON or OFF."""
    return ("OFF", "ON")[int(bool(tag))]
