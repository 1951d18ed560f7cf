"""The errors of this package."""

from __future__ import annotations


class ResolutionFailed(Exception):
    """No set of packages satisfies the requirements; the message says why, for people."""


class SourceUnreachable(Exception):
    """A source of packages cannot be reached. A `Source` raises it; the message names the source."""


class FileUnavailable(Exception):
    """A file cannot be had although its source lists it, or is not what the source says."""
