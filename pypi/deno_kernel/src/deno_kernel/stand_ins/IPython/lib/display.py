"""The stand-in for `IPython.lib.display`."""

from __future__ import annotations

from deno_kernel.display.links import FileLink, FileLinks, IFrame, VimeoVideo, YouTubeVideo
from deno_kernel.display.media import Audio
from deno_kernel.display.objects import Code

__all__ = ["Audio", "Code", "FileLink", "FileLinks", "IFrame", "VimeoVideo", "YouTubeVideo"]
