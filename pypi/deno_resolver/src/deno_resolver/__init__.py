"""Finds the packages to install for some requirements, over all sources at once."""

from .environment import Environment
from .errors import FileUnavailable, ResolutionFailed, SourcesUnusable, SourceUnreachable
from .host_source import HostSource, installed_packages
from .plan import Plan, Step
from .question import Formats, Question
from .resolver import Resolution, resolve
from .source import Installed, Source

__version__ = "0.1.0"
__all__ = [
    "Environment",
    "FileUnavailable",
    "Formats",
    "HostSource",
    "Installed",
    "Plan",
    "Question",
    "Resolution",
    "ResolutionFailed",
    "Source",
    "SourceUnreachable",
    "SourcesUnusable",
    "Step",
    "installed_packages",
    "resolve",
]
