"""Stands in for pip, which programs import to install packages."""

from __future__ import annotations

from collections.abc import Sequence

__version__ = "26.0"


def main(args: Sequence[str] | None = None) -> int:
    """Runs a command of pip, by default that of `sys.argv`; returns the status of a process."""
    import sys

    from deno_kernel.current import running_kernel
    from deno_kernel.packages.archives import PackageError
    from deno_kernel.packages.pip import run_pip

    try:
        run_pip(running_kernel().packages, list(sys.argv[1:] if args is None else args))
    except (PackageError, ValueError, OSError) as error:
        print(f"ERROR: {error}", file=sys.stderr)
        return 1
    return 0
