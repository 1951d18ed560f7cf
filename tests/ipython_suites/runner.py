"""Runs IPython's own tests inside a kernel, against the kernel's shell, and tells the outcome of each.

The tests expect the shell of a terminal, which prints what a notebook's shell sends as messages.
"""

import asyncio
import contextlib
import importlib
import importlib.machinery
import inspect
import io
import json
import os
import pkgutil
import shutil
import sys
import warnings


class Outcomes:
    """The outcomes of tests, as a plugin of pytest gathers them. It runs tests that are coroutines, too."""

    def __init__(self) -> None:
        self.passed: list[str] = []
        self.skipped = 0
        self.failed: dict[str, str] = {}

    def pytest_runtest_logreport(self, report) -> None:
        if report.failed:
            self.failed[report.nodeid] = str(report.longrepr).strip()[-3000:]
        elif report.skipped:
            self.skipped += 1
        elif report.when == "call":
            self.passed.append(report.nodeid)

    def pytest_collectreport(self, report) -> None:
        if report.failed:
            self.failed[report.nodeid] = str(report.longrepr).strip()[-3000:]

    def pytest_pyfunc_call(self, pyfuncitem) -> bool | None:
        if not inspect.iscoroutinefunction(pyfuncitem.obj):
            return None
        names = pyfuncitem._fixtureinfo.argnames
        asyncio.run(pyfuncitem.obj(**{name: pyfuncitem.funcargs[name] for name in names}))
        return True

    def pytest_runtest_setup(self, item) -> None:
        sys.last_type = sys.last_value = sys.last_traceback = None


def print_messages(shell) -> None:
    """Prints the kernel's outputs of cells as a terminal shows them."""
    events = shell._kernel.events
    send = events.send_text

    def send_text(text: str, buffers=None, *, essential: bool = False) -> bool:
        event = json.loads(text)
        kind = event.get("type")
        if kind in ("execute_result", "display_data", "update_display_data"):
            plain = event["data"].get("text/plain", "")
            if kind == "execute_result":
                print(f"Out[{event['executionCount']}]: {plain}".encode(errors="replace").decode())
            elif plain:
                print(plain)
        elif kind == "execute_error":
            print("\n".join(event["traceback"]).encode(errors="replace").decode())
        else:
            return send(text, buffers, essential=essential)
        return True

    events.send_text = send_text
    write_payload = shell.write_payload

    def print_page(data, single: bool = True) -> None:
        if data.get("source") == "page":
            print(data["data"].get("text/plain", ""))
        else:
            write_payload(data, single)

    shell.write_payload = print_page


_OF_PYTEST = ("setup", "setUp", "teardown", "tearDown", "pytest")
"""The beginnings of names that pytest looks for."""


class Missing:
    """A `Missing` stands for a name that the kernel's IPython does not have; a test that uses it fails."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __call__(self, *args, **kwargs):
        if sys._getframe(1).f_code.co_name == "<module>":  # A decorator, perhaps.
            return self
        raise AssertionError(f"{self._name} is missing")

    def __getattr__(self, name: str):
        if name.startswith("__"):
            raise AttributeError(name)
        return Missing(f"{self._name}.{name}")

    def __mro_entries__(self, bases):
        return (object,)


class MissingModules:
    """A `MissingModules` finds modules of IPython that the kernel does not have: theirs are all missing names."""

    def find_spec(self, name, path=None, target=None):
        if not name.startswith("IPython.") or ".tests." in name or name.rpartition(".")[2].startswith(_OF_PYTEST):
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec):
        return None

    def exec_module(self, module) -> None:
        add_missing_names(module)


def add_missing_names(module) -> None:
    """Gives a module all names: those that it does not have are missing ones."""
    known = getattr(module, "__getattr__", None)

    def __getattr__(name: str):
        if known is not None:
            try:
                return known(name)
            except AttributeError:
                pass
        if name.startswith(("__", *_OF_PYTEST)):
            raise AttributeError(name)
        return Missing(f"{module.__name__}.{name}")

    module.__getattr__ = __getattr__


def add_all_missing_names() -> None:
    import IPython

    for found in pkgutil.walk_packages(IPython.__path__, "IPython."):
        if ".tests" not in found.name and ".testing" not in found.name:
            with contextlib.suppress(Exception):
                add_missing_names(importlib.import_module(found.name))
    sys.meta_path.append(MissingModules())


def prepare(suite: str) -> None:
    """Puts the tests beside the modules of the stand-ins, with what they need of a shell."""
    import builtins

    import IPython
    import IPython.core
    import IPython.extensions
    import IPython.lib
    import IPython.utils

    add_all_missing_names()
    for package in (IPython, IPython.core, IPython.extensions, IPython.lib, IPython.utils):
        package.__path__.append(os.path.join(suite, *package.__name__.split(".")))
    shell = IPython.get_ipython()
    builtins.ip = builtins._ip = shell
    builtins.get_ipython = lambda: shell
    shell.run_line_magic("colors", "NoColor")
    print_messages(shell)


def run(source: str, file: str) -> None:
    """Runs a file of tests below `source`, and prints the outcomes as JSON."""
    import pytest

    suite = "/tmp/ipython_suite"
    if not os.path.isdir(suite):
        shutil.copytree(source, suite)
        sys.path.append(os.path.join(suite, "libraries"))
        prepare(suite)
    outcomes = Outcomes()
    os.chdir("/tmp")
    options = [
        "-q", "-p", "no:cacheprovider", "--noconftest", "--no-header", "--tb=short", "-W", "ignore",
        "--import-mode=importlib", "--rootdir", suite,
    ]  # fmt: skip
    text = io.StringIO()
    with warnings.catch_warnings(), contextlib.redirect_stdout(text), contextlib.redirect_stderr(text):
        status = pytest.main([*options, f"{suite}/{file}"], plugins=[outcomes])
    if status not in (0, 1, 5) and not outcomes.failed:
        raise RuntimeError(f"pytest ended with the status {status}: {text.getvalue()[-2000:]}")
    if status == 2 and outcomes.passed:
        outcomes.failed[f"{file}::interrupted"] = text.getvalue()[-2000:]
    print(json.dumps({"passed": outcomes.passed, "skipped": outcomes.skipped, "failed": outcomes.failed}))
