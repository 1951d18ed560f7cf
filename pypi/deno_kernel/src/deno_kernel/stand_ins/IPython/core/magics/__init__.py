"""The stand-in for `IPython.core.magics`."""

from __future__ import annotations

from .auto import AutoMagics
from .basic import BasicMagics
from .code import CodeMagics
from .config import ConfigMagics
from .display import DisplayMagics
from .execution import ExecutionMagics
from .extension import ExtensionMagics
from .history import HistoryMagics
from .logging import LoggingMagics
from .namespace import NamespaceMagics
from .osm import OSMagics
from .packaging import PackagingMagics
from .pylab import PylabMagics
from .script import ScriptMagics

__all__ = [
    "AutoMagics", "BasicMagics", "CodeMagics", "ConfigMagics", "DisplayMagics", "ExecutionMagics", "ExtensionMagics",
    "HistoryMagics", "LoggingMagics", "NamespaceMagics", "OSMagics", "PackagingMagics", "PylabMagics", "ScriptMagics",
]  # fmt: skip
