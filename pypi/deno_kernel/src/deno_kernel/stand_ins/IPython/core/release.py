"""The stand-in for `IPython.core.release`: the version of IPython that this kernel behaves like."""

from __future__ import annotations

__all__ = ["author", "author_email", "license", "name", "version", "version_info"]

name = "ipython"
version = "8.37.0"
version_info = (8, 37, 0, "")
license = "BSD-3-Clause"
author = "deno_kernel"
author_email = ""
codename = ""
