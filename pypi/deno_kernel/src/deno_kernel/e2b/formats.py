"""The forms of values that E2B's clients read: charts of figures, columns of tables, and JSON of lists and dicts."""

from __future__ import annotations

import json
from typing import Any

from ..display.formatters import MimeFormatter
from .values import plain

MAX_JSON = 1_000_000
"""The most characters of JSON in one form; a value with more has its other forms only."""


def register(display_formatter: Any) -> None:
    """Adds the forms; neither matplotlib nor pandas need be imported."""
    chart = MimeFormatter("e2b/chart", None, None, dict)
    chart.deferred_printers["matplotlib.figure", "Figure"] = _chart
    data = MimeFormatter("e2b/data", None, None, dict)
    for module in ("pandas", "pandas.core.frame"):  # The name of the class's module depends on pandas' version.
        data.deferred_printers[module, "DataFrame"] = _data
    display_formatter.formatters["e2b/chart"] = chart
    display_formatter.formatters["e2b/data"] = data
    structures = display_formatter.formatters["application/json"]
    for structure in (list, dict):
        structures.for_type(structure, _json)


def _chart(figure: Any) -> dict[str, Any] | None:
    from .charts import figure_chart

    return _bounded(figure_chart(figure))


def _data(frame: Any) -> dict[str, Any] | None:
    if frame.size * 2 > MAX_JSON:
        return None
    return _bounded(
        {
            str(name): [plain(value) for value in frame.iloc[:, index].tolist()]
            for index, name in enumerate(frame.columns)
        }
    )


def _json(value: Any) -> Any:
    try:
        text = json.dumps(value, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        return None
    return json.loads(text) if len(text) <= MAX_JSON else None


def _bounded(form: dict[str, Any] | None) -> dict[str, Any] | None:
    return form if form is not None and len(json.dumps(form)) <= MAX_JSON else None
