"""Runs one module of CPython's test suite inside a kernel, and writes a line to a log before and after each test."""

from __future__ import annotations

import json
import os
import sys
import unittest
from collections.abc import Iterator


class LoggingResult(unittest.TestResult):
    """A `LoggingResult` logs `begin`, `pass`, `skip` or `fail` with the name of a test."""

    def __init__(self, log: str) -> None:
        super().__init__()
        self._log = log
        self._bad: str | None = None

    def write(self, kind: str, name: str, detail: str = "") -> None:
        """Adds a line to the log, which is on disk when this returns."""
        with open(self._log, "a") as file:
            file.write(json.dumps([kind, name, detail[-1500:]]) + "\n")

    def startTest(self, test: unittest.TestCase) -> None:
        super().startTest(test)
        self._bad = None
        self.write("begin", name_of(test))

    def stopTest(self, test: unittest.TestCase) -> None:
        super().stopTest(test)
        self.write("pass" if self._bad is None else "fail", name_of(test), self._bad or "")

    def _fail(self, test: unittest.TestCase, error: tuple) -> None:
        self._bad = self._exc_info_to_string(error, test)
        if not isinstance(test, unittest.TestCase):  # This is a fixture of a class or of the module.
            self.write("fail", name_of(test), self._bad)

    def addError(self, test: unittest.TestCase, err: tuple) -> None:
        self._fail(test, err)

    def addFailure(self, test: unittest.TestCase, err: tuple) -> None:
        self._fail(test, err)

    def addSubTest(self, test: unittest.TestCase, subtest: unittest.TestCase, err: tuple | None) -> None:
        if err is not None:
            self._fail(test, err)


def name_of(test: unittest.TestCase) -> str:
    """Returns the name of a test, which is that of a file for a doctest, without that of the package `test`."""
    return test.id().removeprefix("test.").replace("(test.", "(").replace(" ", "_")


def each(suite: unittest.TestSuite) -> Iterator[unittest.TestCase]:
    """Yields the tests of a suite."""
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from each(test)
        else:
            yield test


def left(suite: unittest.TestSuite, done: set[str]) -> unittest.TestSuite:
    """Returns a suite without some tests; the order and the fixtures stay."""
    return unittest.TestSuite(
        left(test, done) if isinstance(test, unittest.TestSuite) else test
        for test in suite
        if isinstance(test, unittest.TestSuite) or name_of(test) not in done
    )


def prepare(module: str) -> None:
    """Lets the suite's own helpers work here, so that they leave out no tests but those that cannot work."""
    import test.support

    try:
        import _testinternalcapi
    except ImportError:
        pass
    else:
        if not hasattr(_testinternalcapi, "get_config"):  # This is Python 3.14, and the suite is older.
            _testinternalcapi.get_config = lambda: {"code_debug_ranges": 1}
    if module.startswith("test_asyncio.") or module in ("test_contextlib_async", "test_coroutines"):
        # These are left out where there are no sockets, also the many that need none.
        test.support.has_socket_support = True


def run(module: str, log: str, done: list[str]) -> None:
    """Runs the tests of a module but those that are done."""
    sys.path.insert(0, "/suite")
    os.chdir(os.environ.setdefault("HOME", "/tmp"))
    result = LoggingResult(log)
    prepare(module)
    try:
        suite = unittest.defaultTestLoader.loadTestsFromName(f"test.{module}")
    except unittest.SkipTest as reason:
        result.write("skip", module, str(reason))
    else:
        left(suite, set(done)).run(result)
    result.write("end", module)
