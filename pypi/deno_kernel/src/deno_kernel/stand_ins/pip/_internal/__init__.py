"""Stands in for pip._internal."""

from pip import main

__all__ = ["main"]
