"""Runs tests of packages with pytest, inside a kernel, and tells the outcome of each."""

import contextlib
import io
import json
import os
import shutil
import site
import warnings


def _reason(report) -> str:
    """Returns the first line of the exception of a failed test."""
    crash = getattr(report.longrepr, "reprcrash", None)
    text = str(report.longrepr) if crash is None else crash.message
    return text.strip().partition("\n")[0][:300]


class Outcomes:
    """The outcomes of tests, as a plugin of pytest gathers them."""

    def __init__(self) -> None:
        self.passed = 0
        self.skipped = 0
        self.failed: dict[str, str] = {}

    def pytest_runtest_logreport(self, report) -> None:
        if report.failed:
            self.failed[report.nodeid] = _reason(report)
        elif report.skipped:
            self.skipped += 1
        elif report.when == "call":
            self.passed += 1

    def pytest_collectreport(self, report) -> None:
        if report.failed:
            self.failed[report.nodeid] = _reason(report)


def run(suites: str, tests: list[str]) -> None:
    """Copies the tests of a package beside its modules, runs files of them, and prints the outcomes as JSON.

    `tests` are the paths of files, and options of pytest.
    """
    import pytest

    packages = site.getsitepackages()[0]
    for package in {test.partition("/")[0] for test in tests if not test.startswith("-")}:
        source = os.path.join(suites, package)
        if os.path.isdir(source):
            shutil.copytree(source, os.path.join(packages, package), dirs_exist_ok=True)
    outcomes = Outcomes()
    os.chdir(packages)
    options = ["-q", "-p", "no:cacheprovider", "--no-header", "--tb=line", "-W", "ignore"]
    text = io.StringIO()
    with warnings.catch_warnings(), contextlib.redirect_stdout(text), contextlib.redirect_stderr(text):
        status = pytest.main([*options, *tests], plugins=[outcomes])
    if status not in (0, 1) and not outcomes.failed:
        raise RuntimeError(f"pytest ended with the status {status}: {text.getvalue()[-2000:]}")
    print(json.dumps({"passed": outcomes.passed, "skipped": outcomes.skipped, "failed": outcomes.failed}))
