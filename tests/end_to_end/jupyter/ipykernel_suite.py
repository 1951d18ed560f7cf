"""Runs a file of ipykernel's own tests against kernels of the server at argv[1], and prints the outcomes as JSON.

argv[2] is a directory with the package `tests` of ipykernel and with pytest; argv[3] is the name of the file.
"""

import asyncio
import contextlib
import io
import json
import os
import sys

import nest_asyncio2
from gateway import GatewayKernelManager, use_gateway


class Kernel:
    """A `Kernel` is the manager and the client of a kernel, with the blocking methods that the tests call."""

    def __init__(self):
        self.loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self.loop)
        nest_asyncio2.apply(self.loop)
        self._manager = GatewayKernelManager()
        self._wait(self._manager.start_kernel(kernel_name="python"))
        self._client = self._manager.client()
        self._wait(self._client.start_channels())
        self._wait(self._client.wait_for_ready(timeout=60))

    def _wait(self, awaitable):
        return self.loop.run_until_complete(awaitable)

    def __getattr__(self, name):
        member = getattr(self._client, name)
        if not name.startswith("get_") and not asyncio.iscoroutinefunction(member):
            return member

        def call(*args, **options):
            return self._wait(member(*args, **options))

        return call

    def interrupt_kernel(self):
        self._wait(self._manager.interrupt_kernel())

    def restart_kernel(self, **options):
        self._wait(self._manager.restart_kernel())

    def is_alive(self):
        return self._wait(self._manager.is_alive())

    def shutdown_kernel(self, now=False, restart=False):
        self._client.stop_channels()
        self._wait(self._manager.shutdown_kernel(now=now, restart=restart))


def start_new_kernel(**options):
    """Returns a kernel as its manager and as its client."""
    kernel = Kernel()
    return kernel, kernel


@contextlib.contextmanager
def run_kernel(**options):
    """Returns a context with the client of a kernel of its own."""
    kernel = Kernel()
    try:
        yield kernel
    finally:
        kernel.shutdown_kernel(now=True)


class Outcomes:
    """The outcomes of tests, as a plugin of pytest gathers them."""

    def __init__(self):
        self.passed = []
        self.skipped = 0
        self.failed = {}

    def pytest_runtest_setup(self, item):
        # Some files have a function of the name that an earlier version of pytest called first.
        setup = getattr(item.module, "setup", None)
        if setup is not None:
            setup()

    def pytest_runtest_logreport(self, report):
        if report.failed:
            self.failed[report.nodeid] = str(report.longrepr).strip()[-3000:]
            self._forget_kernel()
        elif report.skipped:
            self.skipped += 1
        elif report.when == "call":
            self.passed.append(report.nodeid)

    def _forget_kernel(self):
        """Has the next test start a kernel of its own: the replies to one that has failed may still come."""
        import tests.utils

        tests.utils.KM = None

    def pytest_collectreport(self, report):
        if report.failed:
            self.failed[report.nodeid] = str(report.longrepr).strip()[-3000:]


def main(url, directory, file):
    """Runs the tests of a file."""
    sys.path.append(directory)
    use_gateway(url)
    import jupyter_client.manager
    import pytest

    jupyter_client.manager.start_new_kernel = start_new_kernel
    jupyter_client.manager.run_kernel = run_kernel
    import tests.utils

    tests.utils.TIMEOUT = 30
    outcomes = Outcomes()
    text = io.StringIO()
    os.chdir(directory)
    options = ["-q", "-p", "no:cacheprovider", "-p", "no:flaky", "--noconftest", "--tb=short", "-W", "ignore", "--rootdir", directory]
    with contextlib.redirect_stdout(text):
        status = pytest.main([*options, f"tests/{file}"], plugins=[outcomes])
    if status not in (0, 1):
        raise SystemExit(f"pytest ended with the status {status}: {text.getvalue()[-3000:]}")
    print(json.dumps(vars(outcomes)), flush=True)
    os._exit(0)  # The threads of the channels would go on; the server ends the kernels.


if __name__ == "__main__":
    main(*sys.argv[1:])
