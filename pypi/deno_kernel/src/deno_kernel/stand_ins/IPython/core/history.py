"""The stand-in for `IPython.core.history`."""

from __future__ import annotations

from deno_kernel.ipython.history_manager import HistoryManager, extract_hist_ranges

__all__ = ["HistoryAccessor", "HistoryAccessorBase", "HistoryManager", "extract_hist_ranges"]


HistoryAccessorBase = HistoryAccessor = HistoryManager
