"""Stands in for pip._internal.cli."""
