"""The errors of this package."""

from __future__ import annotations


class ResolutionFailed(Exception):
    """No set of packages satisfies the requirements; the message tells people the reason."""


class SourceUnreachable(Exception):
    """A source of packages cannot be reached. A `Source` raises it; the message names the source."""


class SourcesUnusable(Exception):
    """An archive of sources cannot be built here; the message is a clause that tells the reason."""


class FileUnavailable(Exception):
    """A file cannot be fetched although its source lists it, or its content is not the one that the source lists."""
