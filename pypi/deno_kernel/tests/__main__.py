"""Runs the tests that need only the standard library; a kernel calls `run()`."""

from __future__ import annotations

import contextvars
import os
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)


def suite(native: bool = False) -> unittest.TestSuite:
    """Returns all tests; those of `test_native_*.py`, which need real libraries, only if `native`."""
    if ROOT not in sys.path:
        sys.path.insert(0, ROOT)
    loader = unittest.TestLoader()
    tests = unittest.TestSuite()
    for name in sorted(os.listdir(HERE)):
        if name.startswith("test_") and name.endswith(".py") and (native or not name.startswith("test_native_")):
            tests.addTests(loader.loadTestsFromName(f"{os.path.basename(HERE)}.{name[:-3]}"))
    return tests


def run(verbosity: int = 1) -> unittest.TestResult:
    """Runs the suite, and prints and returns unittest's result."""
    # unittest would use the stream of its own import, and tests replace sys.stderr.
    runner = unittest.TextTestRunner(stream=sys.stderr, verbosity=verbosity)
    # Inside a kernel, the cell that runs the tests is the current execution of the present context.
    return contextvars.Context().run(runner.run, suite())


if __name__ == "__main__":
    sys.exit(not run().wasSuccessful())
