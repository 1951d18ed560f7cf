"""The stand-in for `IPython.core.profiledir`."""

from __future__ import annotations

from deno_kernel.ipython.profile import ProfileDir, ProfileDirError

__all__ = ["ProfileDir", "ProfileDirError"]
