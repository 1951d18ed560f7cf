"""Recognises data frames, and makes tables of them."""

from __future__ import annotations

import sys
from typing import Any

from .table import Table


def is_frame(value: Any) -> bool:
    """Returns true for a data frame: of pandas, Polars or Arrow, or of a library that speaks one of their protocols."""
    kind = type(value)
    root = kind.__module__.partition(".")[0]
    if root in ("pandas", "polars", "pyarrow"):
        return _adapter(value) is not None
    return hasattr(kind, "__dataframe__") or (hasattr(kind, "__arrow_c_stream__") and not hasattr(kind, "__array__"))


def table_of(frame: Any) -> Table:
    """Returns the table of a data frame; raises TypeError if no library that is loaded can read it."""
    adapter = _adapter(frame)
    if adapter is not None:
        return adapter
    for name in ("pyarrow", "polars", "pandas"):
        if name not in sys.modules:
            continue
        try:
            adapter = _adapter(_CONVERTERS[name](sys.modules[name], frame))
        except Exception:  # The next library may read what this one cannot.
            continue
        if adapter is not None:
            return adapter
    raise TypeError(f"No library that is loaded reads a {type(frame).__name__}")


def nbytes_of(frame: Any) -> int | None:
    """Returns the memory that a data frame takes, in bytes; None if it does not say so."""
    try:
        if hasattr(frame, "memory_usage"):
            return int(frame.memory_usage().sum())
        if hasattr(frame, "estimated_size"):
            return int(frame.estimated_size())
        return int(frame.nbytes)
    except Exception:
        return None


def _adapter(frame: Any) -> Table | None:
    """Returns the table of a data frame of a library that is known; a subclass of its data frame is one too."""
    pandas, polars, arrow = (sys.modules.get(name) for name in ("pandas", "polars", "pyarrow"))
    if isinstance(frame, getattr(pandas, "DataFrame", ())):
        from .pandas_table import PandasTable

        return PandasTable(frame)
    if isinstance(frame, getattr(polars, "DataFrame", ())):
        from .polars_table import PolarsTable

        return PolarsTable(frame)
    if isinstance(frame, (getattr(arrow, "Table", ()), getattr(arrow, "RecordBatch", ()))):
        from .arrow_table import ArrowTable

        return ArrowTable(frame)
    return None


def _from_arrow(pyarrow: Any, frame: Any) -> Any:
    if hasattr(frame, "__arrow_c_stream__"):
        return pyarrow.table(frame)
    import importlib

    return importlib.import_module("pyarrow.interchange").from_dataframe(frame)


def _from_polars(polars: Any, frame: Any) -> Any:
    return polars.DataFrame(frame) if hasattr(frame, "__arrow_c_stream__") else polars.from_dataframe(frame)


def _from_pandas(pandas: Any, frame: Any) -> Any:
    if hasattr(frame, "__dataframe__"):
        return pandas.api.interchange.from_dataframe(frame)
    return pandas.DataFrame.from_arrow(frame)


_CONVERTERS = {"pyarrow": _from_arrow, "polars": _from_polars, "pandas": _from_pandas}
