"""Packages: finding, installing and compiling them."""
