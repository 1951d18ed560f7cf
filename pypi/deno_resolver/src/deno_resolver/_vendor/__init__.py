"""Holds `packaging` and `resolvelib` as submodules, apart from versions that a user installs."""
