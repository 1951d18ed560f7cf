"""Reads the data of a matplotlib figure, in the structure of E2B's charts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from .axis_values import AxisValues
from .boxes import boxes
from .values import plain

MAX_POINTS = 100_000
"""The most points of one figure; a figure with more has its image only."""


def figure_chart(figure: Any) -> dict[str, Any] | None:
    """Returns the chart of a figure, or a chart of charts if it has several axes; None if there is nothing to read."""
    axes = [it for it in figure.axes if it.get_visible() and not hasattr(it, "_colorbar")]
    if not axes or sum(_count_points(it) for it in axes) > MAX_POINTS:
        return None
    charts = [axes_chart(it) for it in axes]
    if len(charts) == 1:
        return charts[0]
    title = figure._suptitle  # Its method does not exist before matplotlib 3.8.
    return {"type": "superchart", "title": title.get_text() if title else None, "elements": charts}


def axes_chart(axes: Any) -> dict[str, Any]:
    """Returns the chart of one axes; its type is "unknown" if it shows something else."""
    from matplotlib.collections import PathCollection
    from matplotlib.container import BarContainer, ErrorbarContainer
    from matplotlib.patches import Wedge

    base = {"type": "unknown", "title": axes.get_title() or None, "elements": []}
    wedges = [it for it in axes.patches if isinstance(it, Wedge)]
    if wedges:
        return {**base, "type": "pie", "elements": [_slice(it) for it in wedges]}
    planar = {**base, **_labels(axes)}
    found = boxes(axes)
    if found:
        return {**planar, "type": "box_and_whisker", "elements": found}
    bars = [it for it in axes.containers if isinstance(it, BarContainer) and it.patches]
    if bars:
        return {**planar, "type": "bar", "elements": [bar for group in bars for bar in _bars(axes, group, bars)]}
    x, y = AxisValues(axes.xaxis), AxisValues(axes.yaxis)
    clouds = [it for it in axes.collections if isinstance(it, PathCollection)]
    errors = [it for it in axes.containers if isinstance(it, ErrorbarContainer)]
    caps = [cap for it in errors for cap in it.lines[1]]
    names = {it.lines[0]: it for it in errors if it.lines[0] is not None}
    lines = [it for it in axes.lines if len(it.get_xdata(orig=False)) and it not in caps]
    if lines:
        points = [
            {"label": _name(names.get(it, it), "Line", index), "points": _pairs(x.of_line(it, "x"), y.of_line(it, "y"))}
            for index, it in enumerate(lines)
        ]
        return {**planar, **x.ticks("x"), **y.ticks("y"), "type": "line", "elements": points}
    if clouds:
        points = [
            {
                "label": _name(it, "Scatter", index),
                "points": _pairs(x.of_numbers(it.get_offsets()[:, 0]), y.of_numbers(it.get_offsets()[:, 1])),
            }
            for index, it in enumerate(clouds)
        ]
        return {**planar, **x.ticks("x"), **y.ticks("y"), "type": "scatter", "elements": points}
    return planar


def _count_points(axes: Any) -> int:
    return sum(len(it.get_xdata(orig=False)) for it in axes.lines) + sum(
        len(it.get_offsets()) for it in axes.collections
    )


def _labels(axes: Any) -> dict[str, Any]:
    x, y = axes.get_xlabel(), axes.get_ylabel()
    return {"x_label": x or None, "y_label": y or None, "x_unit": unit(x), "y_unit": unit(y)}


def unit(label: str) -> str | None:
    """Returns the unit in a label such as "Time (s)" or "Speed [m/s]"."""
    match = re.search(r"\s\((.*?)\)|\[(.*?)\]", label)
    return (match[1] or match[2]) if match else None


def _name(artist: Any, kind: str, index: int) -> str:
    label = str(artist.get_label())
    return f"{kind} {index}" if label.startswith("_") else label


def _pairs(xs: Iterable[Any], ys: Iterable[Any]) -> list[list[Any]]:
    return [[x, y] for x, y in zip(xs, ys, strict=False)]


def _slice(wedge: Any) -> dict[str, Any]:
    return {"label": wedge.get_label(), "angle": float(abs(wedge.theta2 - wedge.theta1)), "radius": float(wedge.r)}


def _bars(axes: Any, group: Any, groups: list[Any]) -> list[dict[str, Any]]:
    horizontal = group.orientation == "horizontal"
    values = AxisValues(axes.yaxis if horizontal else axes.xaxis)
    name = _name(group, "Group", groups.index(group))
    found = []
    for bar in group.patches:
        if horizontal:
            center, value = bar.get_y() + bar.get_height() / 2, bar.get_width()
        else:
            center, value = bar.get_x() + bar.get_width() / 2, bar.get_height()
        # The bars of several groups stand beside the tick of their label.
        width = abs(bar.get_height() if horizontal else bar.get_width()) * len(groups)
        found.append({"label": values.label_at(center, width), "group": name, "value": plain(value)})
    return found
