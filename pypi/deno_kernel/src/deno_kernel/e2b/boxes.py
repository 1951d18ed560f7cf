"""Reads the boxes of a box plot from their lines: matplotlib keeps no other trace of them."""

from __future__ import annotations

from typing import Any

from .axis_values import AxisValues
from .values import plain

# The place of a coordinate in a point.
_X, _Y = 0, 1


def boxes(axes: Any) -> list[dict[str, Any]]:
    """Returns the boxes with their whiskers and outliers; none if the axes shows no box plot."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    lines = [it.get_xydata() for it in axes.lines]
    outlines = [it for it in lines if len(it) >= 5 and _same(it[0], it[-1])]
    for patch in axes.patches:
        if isinstance(patch, PathPatch):
            path = patch.get_path()
            # The point that closes a path has no place of its own.
            outlines.append(path.vertices if path.codes is None else path.vertices[path.codes != Path.CLOSEPOLY])
    found = [_box(axes, outline) for outline in outlines]
    return [it for it in found if it is not None]


def _box(axes: Any, outline: Any) -> dict[str, Any] | None:
    for along, across in ((_Y, _X), (_X, _Y)):
        left, right = min(outline[:, across]), max(outline[:, across])
        middle = (left + right) / 2
        segments = [it.get_xydata() for it in axes.lines if len(it.get_xydata()) == 2]
        whiskers = [
            it for it in segments if all(_near(point[across], middle, right - left) for point in it)
        ]
        if len(whiskers) != 2:
            continue
        # A whisker begins at its quartile. The outline of a notched box may reach further.
        low, high = sorted(it[0][along] for it in whiskers)
        ends = [it[1][along] for it in whiskers]
        medians = [
            it[0][along]
            for it in segments
            if it[0][along] == it[1][along]
            and low <= it[0][along] <= high
            and it[0][across] != it[1][across]
            and left <= min(it[:, across])
            and max(it[:, across]) <= right
        ]
        if not medians or low not in outline[:, along] or high not in outline[:, along]:
            continue
        axis = AxisValues(axes.xaxis if across == _X else axes.yaxis)
        outliers = [
            point[along]
            for line in axes.lines
            if line.get_linestyle() == "None"
            for point in line.get_xydata()
            if _near(point[across], middle, right - left) and not min(ends) <= point[along] <= max(ends)
        ]
        return {
            "label": axis.label_at(middle, right - left),
            "min": plain(min(ends)),
            "first_quartile": plain(low),
            "median": plain(_inner(medians, low, high)),
            "third_quartile": plain(high),
            "max": plain(max(ends)),
            "outliers": [plain(it) for it in outliers],
        }
    return None


def _inner(medians: list[Any], low: Any, high: Any) -> Any:
    """Returns the median; a cap may lie on the edge of a box that has no whisker there."""
    return next((it for it in medians if low < it < high), medians[-1])


def _same(a: Any, b: Any) -> bool:
    return bool(a[0] == b[0] and a[1] == b[1])


def _near(value: Any, middle: Any, width: Any) -> bool:
    return bool(abs(value - middle) <= 1e-6 * max(abs(width), 1e-12))
