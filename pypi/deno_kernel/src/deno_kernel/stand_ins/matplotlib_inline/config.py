"""The stand-in for `matplotlib_inline.config`."""

from __future__ import annotations

from typing import Any

from deno_kernel.figures.inline_config import INLINE

__all__ = ["InlineBackend", "InlineBackendConfig"]


class InlineBackend:
    """An `InlineBackend` has the settings of figures; every one is the same as `%config InlineBackend`."""

    def __init__(self, **options: Any) -> None:
        for name, value in options.items():
            if name not in ("parent", "config", "shell"):
                setattr(self, name, value)

    @classmethod
    def instance(cls, **options: Any) -> InlineBackend:
        """Returns the settings."""
        return cls(**options)

    def __getattr__(self, name: str) -> Any:
        try:
            return INLINE.get(name)
        except LookupError as error:
            raise AttributeError(str(error)) from None

    def __setattr__(self, name: str, value: Any) -> None:
        try:
            INLINE.set(name, value)
        except LookupError as error:
            raise AttributeError(str(error)) from None


InlineBackendConfig = InlineBackend
