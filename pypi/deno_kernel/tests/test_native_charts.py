"""Reads the charts of figures that the real matplotlib and pandas have made."""

from __future__ import annotations

import datetime
import json
import math
import unittest
from typing import Any

from deno_kernel.display.display_formatter import DisplayFormatter
from deno_kernel.e2b.charts import figure_chart, unit
from deno_kernel.e2b.formats import register


def figure(count: int = 1) -> Any:
    """Returns a figure with some axes in a row."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    made = Figure()
    FigureCanvasAgg(made)
    made.subplots(1, count)
    return made


class Charts(unittest.TestCase):
    def setUp(self) -> None:
        self.figure = figure()
        self.axes = self.figure.axes[0]

    def chart(self) -> dict[str, Any]:
        made = figure_chart(self.figure)
        assert made is not None
        json.dumps(made, allow_nan=False)
        return made

    def test_lines(self) -> None:
        self.axes.plot([1, 2], [3, math.nan], label="first")
        self.axes.plot([1, 2], [5, 6])
        self.axes.set(title="Title", xlabel="Time (s)", ylabel="Speed [m/s]", yscale="log")
        chart = self.chart()
        self.assertEqual(
            chart["elements"],
            [{"label": "first", "points": [[1, 3], [2, None]]}, {"label": "Line 1", "points": [[1, 5], [2, 6]]}],
        )
        names = ("type", "title", "x_label", "x_unit", "y_label", "y_unit", "x_scale", "y_scale")
        self.assertEqual(
            [chart[name] for name in names],
            ["line", "Title", "Time (s)", "s", "Speed [m/s]", "m/s", "linear", "log"],
        )
        self.assertEqual(len(chart["x_ticks"]), len(chart["x_tick_labels"]))

    def test_dates(self) -> None:
        self.axes.plot([datetime.date(2026, 1, 1), datetime.date(2026, 1, 2)], [1, 2])
        chart = self.chart()
        self.assertEqual(chart["x_scale"], "datetime")
        self.assertEqual(chart["elements"][0]["points"], [["2026-01-01T00:00:00", 1], ["2026-01-02T00:00:00", 2]])
        self.assertIn("2026-01-01T00:00:00", chart["x_ticks"])

    def test_categories_and_scatter(self) -> None:
        self.axes.scatter(["a", "b"], [1, 2], label="points")
        self.axes.scatter(["b"], [3])
        chart = self.chart()
        self.assertEqual((chart["type"], chart["x_scale"], chart["x_ticks"]), ("scatter", "categorical", ["a", "b"]))
        self.assertEqual(
            chart["elements"],
            [{"label": "points", "points": [["a", 1], ["b", 2]]}, {"label": "Scatter 1", "points": [["b", 3]]}],
        )

    def test_bars_of_groups_and_across(self) -> None:
        self.axes.bar([-0.2, 0.8], [1, 2], 0.4, label="m")
        self.axes.bar([0.2, 1.2], [3, 4], 0.4, label="n")
        self.axes.set_xticks([0, 1])
        self.axes.set_xticklabels(["p", "q"])
        chart = self.chart()
        self.assertEqual(chart["type"], "bar")
        self.assertEqual(
            [(it["group"], it["label"], it["value"]) for it in chart["elements"]],
            [("m", "p", 1), ("m", "q", 2), ("n", "p", 3), ("n", "q", 4)],
        )
        self.axes.clear()
        self.axes.barh(["a", "b"], [1.5, 2])
        self.assertEqual(
            self.chart()["elements"],
            [{"label": "a", "group": "Group 0", "value": 1.5}, {"label": "b", "group": "Group 0", "value": 2}],
        )

    def test_pie(self) -> None:
        self.axes.pie([1, 3], labels=["a", "b"])
        chart = self.chart()
        self.assertEqual(chart["type"], "pie")
        self.assertEqual([(it["label"], round(it["angle"]), it["radius"]) for it in chart["elements"]],
                         [("a", 90, 1), ("b", 270, 1)])  # fmt: skip

    def test_boxes_of_each_form(self) -> None:
        first = {"min": 1, "first_quartile": 2, "median": 3, "third_quartile": 4, "max": 4, "outliers": [20]}
        second = {"min": 2, "first_quartile": 2.5, "median": 3, "third_quartile": 3.5, "max": 4, "outliers": []}
        for options in ({}, {"patch_artist": True}, {"notch": True}, {"notch": True, "patch_artist": True}):
            with self.subTest(options=options):
                self.axes.clear()
                self.axes.boxplot([[1, 2, 3, 4, 20], [2, 3, 4]], **options)
                self.axes.set_xticklabels(["A", "B"])
                chart = self.chart()
                self.assertEqual(chart["type"], "box_and_whisker")
                self.assertEqual(chart["elements"], [{"label": "A", **first}, {"label": "B", **second}])

    def test_several_axes(self) -> None:
        self.figure = figure(2)
        left, right = self.figure.axes
        left.plot([1, 2])
        right.bar(["a"], [1])
        self.figure.suptitle("Both")
        chart = self.chart()
        self.assertEqual((chart["type"], chart["title"]), ("superchart", "Both"))
        self.assertEqual([it["type"] for it in chart["elements"]], ["line", "bar"])

    def test_others_are_unknown_and_too_many_points_are_none(self) -> None:
        image = self.axes.imshow([[1, 2]])
        self.figure.colorbar(image)
        self.assertEqual(self.chart()["type"], "unknown")
        self.axes.plot(range(100_001))
        self.assertIsNone(figure_chart(self.figure))

    def test_unit(self) -> None:
        self.assertEqual([unit(it) for it in ("a (s)", "a [m/s]", "a", "")], ["s", "m/s", None, None])


class Forms(unittest.TestCase):
    def test_forms_of_figures_tables_and_structures(self) -> None:
        import pandas as pd

        formatter = DisplayFormatter()
        register(formatter)
        made = figure()
        made.axes[0].plot([1])
        self.assertEqual(formatter.format(made)[0]["e2b/chart"]["type"], "line")
        frame = pd.DataFrame({"day": pd.to_datetime(["2026-01-01", None]), "n": [1, 2], 3: ["a", None]})
        self.assertEqual(
            formatter.format(frame)[0]["e2b/data"],
            {"day": ["2026-01-01T00:00:00", None], "n": [1, 2], "3": ["a", None]},
        )
        self.assertEqual(formatter.format({"a": [1]})[0]["application/json"], {"a": [1]})
        for value in ([math.nan], [object()], 1, "text"):
            self.assertNotIn("application/json", formatter.format(value)[0])
