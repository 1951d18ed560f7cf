"""Reads displayed data frames as a front end does."""

from __future__ import annotations

import gc
import importlib.util
import unittest
from typing import Any

from .support import KernelCase

MAKERS = {
    "pandas": "import pandas as pd\ndf = pd.DataFrame({columns})",
    "polars": "import polars as pl\ndf = pl.DataFrame({columns}, strict=False)",
    "pyarrow": "import pyarrow as pa\ndf = pa.table({columns})",
}
COLUMNS = (
    "{'n': [3, 1, None, 2], 'name': ['c<b>', 'A', 'b', None], 'flag': [True, False, True, True],"
    " 'when': [datetime(2026, 1, day) for day in (4, 2, 3, 1)], 'nested': [[1], [2, 3], [], None]}"
)


class TableCase(KernelCase):
    """Shows a data frame, and asks for parts of it."""

    def shown(self, code: str) -> str:
        """Runs a cell, and returns the id of the table that it shows."""
        return self.run_cell(code)["result"]["metadata"]["dataframe_table"]["id"]

    def displayed(self, code: str) -> str:
        """Displays a value that no name refers to, and returns the id of its table."""
        self.clear()
        self.ok(f"display({code})")
        (event,) = self.events("display_data")
        gc.collect()
        return event["metadata"]["dataframe_table"]["id"]

    def ask(self, table: Any, **request: Any) -> dict[str, Any]:
        """Sends a request over a comm, and returns the answer."""
        if not self.call("commInfo", targetName="dataframe_table")["comms"]:
            self.call("commOpen", commId="front", targetName="dataframe_table", data={})
        self.clear()
        self.call("commMsg", commId="front", data={"id": 7, "table": table, **request})
        (message,) = self.events("comm_msg")
        self.assertEqual((message["commId"], message["data"]["id"]), ("front", 7))
        return message["data"]

    def column(self, answer: dict[str, Any], name: str) -> list[Any]:
        """Returns the cells of a column."""
        at = [column["name"] for column in answer["columns"]].index(name)
        return [row[at] for row in answer["rows"]]


class Contract:
    """The promises about tables, whichever library has made the data frame."""

    library: str

    def setUp(self: Any) -> None:
        super().setUp()
        self.ok("from datetime import datetime")
        self.ok(MAKERS[self.library].replace("{columns}", COLUMNS))
        self.table = self.shown("df")
        self.places = {it["name"]: it["place"] for it in self.ask(self.table)["columns"]}

    def rows_named(self: Any, **request: Any) -> list[Any]:
        answer = self.ask(self.table, **request)
        self.assertNotIn("error", answer)
        return [cell if isinstance(cell, str) else None for cell in self.column(answer, "name")]

    def where(self: Any, column: str, operator: str, value: str = "") -> list[Any]:
        return self.rows_named(conditions=[{"column": self.places[column], "operator": operator, "value": value}])

    def test_rows_come_in_parts(self: Any) -> None:
        answer = self.ask(self.table, offset=1, limit=2)
        self.assertEqual((answer["total"], answer["count"], answer["offset"]), (4, 4, 1))
        self.assertEqual(self.column(answer, "name"), ["A", "b"])
        kinds = {it["name"]: it["kind"] for it in answer["columns"] if not it["isIndex"]}
        self.assertEqual((kinds["n"], kinds["flag"], kinds["when"], kinds["nested"]), ("number", "boolean", "time", "other"))

    def test_columns_come_in_parts(self: Any) -> None:
        first = self.places["flag"]
        answer = self.ask(self.table, columnOffset=first, columnLimit=2)
        self.assertEqual([it["name"] for it in answer["columns"] if not it["isIndex"]], ["flag", "when"])

    def test_missing_values_come_last_in_both_orders(self: Any) -> None:
        place = self.places["n"]
        self.assertEqual(self.rows_named(orders=[{"column": place}]), ["A", None, "c<b>", "b"])
        self.assertEqual(self.rows_named(orders=[{"column": place, "descending": True}]), ["c<b>", None, "A", "b"])

    def test_rows_are_sorted_by_several_columns(self: Any) -> None:
        orders = [{"column": self.places["flag"]}, {"column": self.places["n"], "descending": True}]
        self.assertEqual(self.rows_named(orders=orders), ["A", "c<b>", None, "b"])

    def test_what_has_no_order_is_sorted_all_the_same(self: Any) -> None:
        self.assertEqual(len(self.rows_named(orders=[{"column": self.places["nested"]}])), 4)

    def test_conditions(self: Any) -> None:
        for column, operator, value, wanted in (
            ("name", "contains", "B", ["c<b>", "b"]),
            ("name", "contains", "<", ["c<b>"]),
            ("name", "equals", "b", ["b"]),
            ("name", "differs", "b", ["c<b>", "A"]),
            ("name", "missing", "", [None]),
            ("n", "missing", "", ["b"]),
            ("n", "present", "", ["c<b>", "A", None]),
            ("n", "at_least", "2", ["c<b>", None]),
            ("n", "less", "2.5", ["A", None]),
            ("n", "differs", "1", ["c<b>", None]),
            ("flag", "equals", "false", ["A"]),
            ("when", "more", "2026-01-02", ["c<b>", "b"]),
            ("when", "at_most", "2026-01-02T00:00", ["A", None]),
            ("nested", "contains", "3", ["A"]),
        ):
            with self.subTest(column=column, operator=operator, value=value):
                self.assertEqual(self.where(column, operator, value), wanted)

    def test_conditions_and_orders_together(self: Any) -> None:
        conditions = [
            {"column": self.places["n"], "operator": "present"},
            {"column": self.places["flag"], "operator": "equals", "value": "true"},
        ]
        orders = [{"column": self.places["n"]}]
        answer = self.ask(self.table, conditions=conditions, orders=orders, offset=1)
        self.assertEqual((answer["count"], self.column(answer, "name")), (2, ["c<b>"]))

    def test_refused_conditions_say_why(self: Any) -> None:
        for condition, words in (
            ({"column": self.places["n"], "operator": "less", "value": "many"}, "many"),
            ({"column": self.places["flag"], "operator": "equals", "value": "perhaps"}, "neither true nor false"),
            ({"column": self.places["when"], "operator": "less", "value": "soon"}, "soon"),
            ({"column": self.places["nested"], "operator": "less", "value": "1"}, "no order"),
            ({"column": 99, "operator": "less", "value": "1"}, "column must be"),
            ({"column": 0, "operator": "__class__", "value": "1"}, "operator must be one of"),
        ):
            with self.subTest(condition=condition):
                self.assertIn(words, self.ask(self.table, conditions=[condition])["error"])

    def test_points_for_a_chart(self: Any) -> None:
        answer = self.ask(self.table, type="points", x=self.places["when"], y=self.places["n"])
        self.assertEqual(answer["points"][:2], [["2026-01-04T00:00:00", 3.0], ["2026-01-02T00:00:00", 1.0]])
        self.assertEqual(answer["points"][2][1], None)

    def test_an_empty_frame(self: Any) -> None:
        self.table = self.shown({"pandas": "df.iloc[:0]", "polars": "df.clear()", "pyarrow": "df.slice(0, 0)"}[self.library])
        orders = [{"column": self.places["n"]}]
        self.assertEqual(self.rows_named(orders=orders), [])
        self.assertEqual(self.where("name", "contains", "a"), [])
        self.assertEqual(self.ask(self.table, type="points", x=self.places["n"])["points"], [])

    def test_a_value_without_a_name_lives_as_long_as_there_is_room(self: Any) -> None:
        part = {"pandas": "df.head(1)", "polars": "df.head(1)", "pyarrow": "df.slice(0, 1)"}[self.library]
        nameless = self.displayed(part)
        self.assertEqual(self.ask(nameless)["total"], 1)
        for _ in range(20):
            self.displayed("df")
        self.assertEqual(self.ask(nameless), {"id": 7, "gone": True})
        self.assertEqual(self.ask(self.table)["total"], 4)


class Pandas(Contract, TableCase):
    """Reads pandas' data frames."""

    library = "pandas"

    def test_a_request_leaves_the_session_as_it_was(self) -> None:
        names, count = set(self.names_of_user()), self.kernel.runner.count
        self.ask(self.table, orders=[{"column": self.places["n"]}])
        self.assertEqual((set(self.names_of_user()), self.kernel.runner.count), (names, count))
        self.assertEqual(self.ok("_ is df"), "True")

    def names_of_user(self) -> list[str]:
        return self.kernel.namespace.user_names()

    def test_the_forms_of_a_frame_are_those_that_every_client_knows(self) -> None:
        reply = self.run_cell("df")
        self.assertEqual(set(reply["result"]["data"]), {"text/html", "text/plain"})
        self.assertEqual(set(reply["result"]["metadata"]), {"dataframe_table"})
        (event,) = self.events("execute_result")[-1:]
        self.assertEqual(event["metadata"], reply["result"]["metadata"])

    def test_only_frames_that_are_shown_as_tables_are_tables(self) -> None:
        for code in (
            "df['n']",
            "pd.DataFrame",
            "df.style",
            "pd.set_option('display.notebook_repr_html', False); df",
            "get_ipython().display_formatter.formatters['text/html'].for_type(pd.DataFrame, lambda it: '<b>'); df",
        ):
            with self.subTest(code=code):
                self.assertEqual(self.run_cell(code)["result"]["metadata"], {})
        self.ok("pd.reset_option('display.notebook_repr_html')")

    def test_changes_of_the_frame_show(self) -> None:
        orders = [{"column": self.places["n"], "descending": True}]
        self.rows_named(orders=orders)
        self.ok("df.loc[3, 'n'] = 50")
        self.assertEqual(self.rows_named(orders=orders)[0], None)
        self.ok("df.drop(index=[0, 1], inplace=True)")
        self.assertEqual(self.ask(self.table)["total"], 2)

    def test_strange_columns(self) -> None:
        table = self.shown(
            "import numpy as np\n"
            "pd.DataFrame([[1, 2, 3, {'k': 1}, 1+2j]] * 2, columns=['same', 'same', ('t', 1), '<b>', ''],"
            " index=pd.MultiIndex.from_tuples([('x', 1), ('y', np.nan)], names=['first', None]))"
        )
        answer = self.ask(table, orders=[{"column": 2, "descending": True}], conditions=[{"column": 3, "operator": "equals", "value": "2"}])
        self.assertEqual(answer["count"], 2)
        shown = [(it["name"], it["isIndex"]) for it in answer["columns"]]
        self.assertEqual(shown, [("first", True), ("", True), ("same", False), ("same", False), ("t / 1", False), ("<b>", False), ("", False)])
        self.assertEqual(answer["rows"][1], ["y", {"missing": "NaN"}, "1", "2", "3", "{'k': 1}", "(1+2j)"])
        levels = self.shown("pd.DataFrame(np.eye(2), columns=pd.MultiIndex.from_product([['a'], ['x', 'y']]))")
        self.assertEqual([it["name"] for it in self.ask(levels)["columns"]], ["", "a / x", "a / y"])

    def test_strange_values(self) -> None:
        table = self.shown(
            "class Bad:\n    def __repr__(self): raise RuntimeError\n"
            "strange = pd.DataFrame({'v': [None] * 12})\nstrange"
        )
        # Some of these values have no text, so that pandas makes no HTML of them.
        self.ok(
            "strange['v'] = pd.Series([None, float('nan'), pd.NaT, pd.NA, 1.23456789, 1e300, 10**5000, 'x' * 1000, b'\\xff', [0] * 10**6, Bad(), True], dtype=object)"
        )
        cells = self.column(self.ask(table), "v")
        self.assertEqual(cells[:6], [{"missing": "None"}, {"missing": "NaN"}, {"missing": "NaT"}, {"missing": "<NA>"}, "1.234568", "1e+300"])
        self.assertEqual((cells[6], len(cells[7]), cells[8]), ("an integer of 16610 bits", 300, "b'\\xff'"))
        self.assertLess(len(cells[9]), 300)
        self.assertEqual(cells[10:], ["<repr() failed: RuntimeError>", "True"])

    def test_times_with_zones_and_categories(self) -> None:
        table = self.shown(
            "pd.DataFrame({'t': pd.date_range('2026-01-01', periods=3, tz='Europe/Berlin'),"
            " 'c': pd.Categorical(['low', 'high', 'low'], ['low', 'high'], ordered=True)})"
        )
        answer = self.ask(table, conditions=[{"column": 1, "operator": "at_least", "value": "2026-01-02"}])
        self.assertEqual(self.column(answer, "t"), ["2026-01-02 00:00:00+01:00", "2026-01-03 00:00:00+01:00"])
        answer = self.ask(table, conditions=[{"column": 1, "operator": "at_least", "value": "2026-01-01T23:00Z"}])
        self.assertEqual(answer["count"], 2)
        answer = self.ask(table, orders=[{"column": 2, "descending": True}])
        self.assertEqual(self.column(answer, "c"), ["high", "low", "low"])
        self.assertEqual(self.ask(table, conditions=[{"column": 2, "operator": "equals", "value": "low"}])["count"], 2)

    def test_no_rows_and_no_columns(self) -> None:
        answer = self.ask(self.shown("pd.DataFrame()"))
        self.assertEqual((answer["total"], answer["rows"]), (0, []))
        answer = self.ask(self.shown("pd.DataFrame(index=range(3))"))
        self.assertEqual((answer["total"], answer["rows"]), (3, [["0"], ["1"], ["2"]]))

    def test_bad_requests_are_answered(self) -> None:
        for request in ({"offset": -1}, {"limit": "9"}, {"orders": 5}, {"orders": [{}]}, {"type": "points", "x": True}):
            with self.subTest(request=request):
                self.assertIn("must be", self.ask(self.table, **request)["error"])
        self.assertTrue(self.ask("unknown")["gone"])
        self.assertIn("TypeError", self.ask(["?"])["error"])
        self.call("commMsg", commId="front", data=[])
        self.assertEqual(self.events("stderr"), [])


@unittest.skipUnless(importlib.util.find_spec("polars"), "Polars is not installed")
class Polars(Contract, TableCase):
    """Reads Polars' data frames."""

    library = "polars"


@unittest.skipUnless(importlib.util.find_spec("pyarrow"), "pyarrow is not installed")
class Arrow(Contract, TableCase):
    """Reads Arrow's tables."""

    library = "pyarrow"

    def test_frames_of_other_libraries(self) -> None:
        table = self.shown(
            "class Streamed:\n"
            "    def __arrow_c_stream__(self, requested_schema=None): return df.__arrow_c_stream__(requested_schema)\n"
            "    def _repr_html_(self): return '<table></table>'\n"
            "s = Streamed()\ns"
        )
        self.assertEqual(self.ask(table, orders=[{"column": 0}])["total"], 4)
        table = self.shown(
            "class Interchanged:\n"
            "    def __dataframe__(self, **options): return df.select(['n', 'name']).__dataframe__(**options)\n"
            "    def _repr_html_(self): return '<table></table>'\n"
            "i = Interchanged()\ni"
        )
        self.assertEqual(self.ask(table)["total"], 4)
