"""Introspection: completion, inspection and the list of variables, without running the user's code."""
