"""Tests of %sql."""

from __future__ import annotations

import sys

from .support import KernelCase


class Sql(KernelCase):
    """Tests that queries give tables."""

    def setUp(self) -> None:
        super().setUp()
        # With pandas, which tests before may have imported, the tables are its data frames.
        sys.modules.pop("pandas", None)

    def test_statements_give_the_table_of_the_last_one(self) -> None:
        self.ok("%%sql\ncreate table t(a, b);\ninsert into t values (1, 'x;y'), (2, 'z');")
        self.assertEqual(self.ok("%sql select a, b from t"), "a  b\n1  x;y\n2  z")
        self.assertEqual(self.ok("%%sql rows <<\nselect a from t where a > 1"), None)
        self.assertEqual(self.ok("rows.columns, list(rows)"), "(['a'], [(2,)])")

    def test_parameters_are_variables(self) -> None:
        self.ok("least = 5")
        self.assertEqual(self.ok("%sql select :least + 1 as n, ':none' as text"), "n  text\n6  :none")
        self.assertIn("no variable 'nosuch'", self.fails("%sql select :nosuch", "UsageError")["evalue"])

    def test_what_is_wrong_is_said(self) -> None:
        self.assertIn("there is no statement", self.fails("%sql", "UsageError")["evalue"])
        self.fails("%sql select nothing", "OperationalError")
        self.assertIn("no part of", self.fails("%%sql nonsense\nselect 1", "UsageError")["evalue"])

    def test_html_is_escaped(self) -> None:
        self.ok("%%sql rows <<\nselect '<b>' as x")
        self.assertIn("&lt;b&gt;", self.ok("rows._repr_html_()"))
