"""Runs files of ipykernel's own tests against kernels of the server at argv[1], and prints the outcomes as JSON.

argv[2] is a directory with the package `tests` of ipykernel and with pytest; the names of the files follow.
"""

import asyncio
import contextlib
import inspect
import io
import json
import os
import sys

from kernel_client import Kernel

_TIMEOUT = 30


class RealKernel:
    """A `RealKernel` takes the place of the kernel objects that the tests make: its messages go to a kernel of the server."""

    def __init__(self, kernel):
        self._kernel = kernel
        self.session = kernel.session

    async def test_shell_message(self, kind, content=None):
        return self._reply("shell", kind, content)

    async def test_control_message(self, kind, content=None):
        return self._reply("control", kind, content)

    def _reply(self, channel, kind, content):
        message = self.session.msg(kind, content or {})
        getattr(self._kernel, f"{channel}_channel").send(message)
        while True:
            reply = getattr(self._kernel, f"get_{channel}_msg")(timeout=_TIMEOUT)
            if reply["parent_header"].get("msg_id") == message["header"]["msg_id"]:
                return reply


class Plugin:
    """A `Plugin` gathers the outcomes of tests, runs those that are coroutines, and gives them kernels of the server."""

    def __init__(self, start):
        self.outcomes = {"passed": [], "skipped": 0, "failed": {}}
        self._start = start

    def pytest_generate_tests(self, metafunc):
        for name in {"kernel", "ipkernel"} & {*metafunc.fixturenames} - {*vars(metafunc.module)}:
            metafunc.parametrize(name, [None], ids=["real"])

    def pytest_pyfunc_call(self, pyfuncitem):
        arguments = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
        given = [name for name, value in arguments.items() if name in ("kernel", "ipkernel") and value is None]
        if not given and not inspect.iscoroutinefunction(pyfuncitem.obj):
            return None
        with contextlib.ExitStack() as stack:
            for name in given:
                kernel = self._start()
                stack.callback(kernel.shutdown_kernel)
                arguments[name] = RealKernel(kernel)
            result = pyfuncitem.obj(**arguments)
            if inspect.iscoroutine(result):
                asyncio.run(result)
        return True

    def pytest_runtest_setup(self, item):
        # Some files have a function of the name that an earlier version of pytest called first.
        setup = getattr(item.module, "setup", None)
        if setup is not None:
            setup()

    def pytest_runtest_logreport(self, report):
        name = report.nodeid.replace("[real]", "")
        if report.failed:
            self.outcomes["failed"][name] = str(report.longrepr).strip()[-3000:]
            self._forget_kernel()
        elif report.skipped:
            self.outcomes["skipped"] += 1
        elif report.when == "call":
            self.outcomes["passed"].append(name)

    def _forget_kernel(self):
        """Has the next test start a kernel of its own: the replies to one that has failed may still come."""
        import tests.utils

        tests.utils.KM = None

    def pytest_collectreport(self, report):
        if report.failed:
            self.outcomes["failed"][report.nodeid] = str(report.longrepr).strip()[-3000:]


def use_kernels_of(url):
    """Has the tests start kernels of the server."""
    import jupyter_client.manager

    def start(*args, **options):
        kernel = Kernel(url)
        return kernel, kernel

    @contextlib.contextmanager
    def run(*args, **options):
        kernel = Kernel(url)
        try:
            yield kernel
        finally:
            kernel.shutdown_kernel(now=True)

    jupyter_client.manager.start_new_kernel = start
    jupyter_client.manager.run_kernel = run


def main(url, directory, *files):
    """Runs the tests of files."""
    sys.path.append(directory)
    use_kernels_of(url)
    import pytest
    import tests.utils

    tests.utils.TIMEOUT = _TIMEOUT
    plugin = Plugin(lambda: Kernel(url))
    text = io.StringIO()
    os.chdir(directory)
    options = [
        *["-q", "-p", "no:cacheprovider", "-p", "no:flaky", "--noconftest", "--tb=short", "-W", "ignore"],
        *["--rootdir", directory],
    ]
    with contextlib.redirect_stdout(text):
        status = pytest.main([*options, *files], plugins=[plugin])
    if status not in (0, 1):
        raise SystemExit(f"pytest ended with the status {status}: {text.getvalue()[-3000:]}")
    print(json.dumps(plugin.outcomes), flush=True)
    os._exit(0)  # The threads of the channels would go on; the server ends the kernels.


if __name__ == "__main__":
    main(*sys.argv[1:])
