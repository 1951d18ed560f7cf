"""Configures a kernel: all that differs between kernels that wake from the same memory image."""

from __future__ import annotations

import os
import sys
from typing import Any

from ..kernel import Kernel


def configure(kernel: Kernel, args: dict[str, Any]) -> None:
    """Sets environment, working directory, id and tools, and reseeds; raises OSError for a bad directory."""
    for name, value in (args.get("env") or {}).items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[str(name)] = str(value)
    cwd = args.get("cwd")
    if os.environ.get("E2B_SANDBOX") == "true":
        from ..e2b import prepare

        prepare(kernel, cwd or os.getcwd())
    if cwd:
        os.chdir(cwd)
    kernel.id = str(args.get("kernelId") or kernel.id)
    kernel.namespace.directories[:] = [os.getcwd()]
    tools = args.get("tools")
    if tools:
        from ..tools.functions import Tools

        kernel.namespace.install(tools=Tools(kernel.tool_calls, tools))
    reseed()


def reseed() -> None:
    """Reseeds the random generators and ids whose state the memory image repeats."""
    random = sys.modules.get("random")
    if random is not None:
        random.seed()
    numpy_random = sys.modules.get("numpy.random")
    if numpy_random is not None:
        numpy_random.seed()
    tempfile = sys.modules.get("tempfile")
    if tempfile is not None:
        tempfile._name_sequence = None
        tempfile.tempdir = None
    uuid = sys.modules.get("uuid")
    if uuid is not None:
        uuid._node = None
        uuid._last_timestamp = None
        if hasattr(uuid, "_last_timestamp_v7"):  # This is Python 3.14 or later.
            uuid._last_timestamp_v7 = None
            uuid._last_counter_v7 = 0
