"""Runs the tests that need nothing but the standard library; `run()` does the same inside a kernel."""

from __future__ import annotations

import contextvars
import os
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)


def suite(native: bool = False) -> unittest.TestSuite:
    """All tests; those of `test_native_*.py`, which need real libraries, only if asked for."""
    if ROOT not in sys.path:
        sys.path.insert(0, ROOT)
    loader = unittest.TestLoader()
    tests = unittest.TestSuite()
    for name in sorted(os.listdir(HERE)):
        if name.startswith("test_") and name.endswith(".py") and (native or not name.startswith("test_native_")):
            tests.addTests(loader.loadTestsFromName(f"{os.path.basename(HERE)}.{name[:-3]}"))
    return tests


def run(verbosity: int = 1) -> unittest.TestResult:
    """Runs the suite and prints unittest's summary."""
    # The stream of now, not the one of the time when unittest was imported: tests replace sys.stderr.
    runner = unittest.TextTestRunner(stream=sys.stderr, verbosity=verbosity)
    # A context of its own: inside a kernel the cell that runs the tests is the current execution.
    return contextvars.Context().run(runner.run, suite())


if __name__ == "__main__":
    sys.exit(not run().wasSuccessful())
