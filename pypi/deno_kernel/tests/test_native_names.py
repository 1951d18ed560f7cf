"""Compares the stand-ins with the sources of the real IPython and ipykernel, name by name."""

from __future__ import annotations

import importlib
import inspect
import os
import unittest
import warnings

from deno_kernel.current import running_shell

from . import their_names
from .support import KernelCase
from .test_stand_ins import without_real_packages

MISSING = os.path.join(os.path.dirname(os.path.abspath(__file__)), "missing_names.txt")
"""The names that no stand-in has, below the reasons for it, each of which is a line that begins with `#`."""


def listed() -> dict[str, str]:
    """Returns the reason for each name in the list."""
    found: dict[str, str] = {}
    reason = ""
    with open(MISSING, encoding="utf-8") as file:
        for line in file:
            if line.startswith("#"):
                reason = line[1:].strip()
            elif line.strip():
                found.update(dict.fromkeys(line.split(), reason))
    return found


def missing() -> list[str]:
    """Returns the names that no stand-in has: modules, and the names of modules and classes that have a stand-in."""
    found: list[str] = []
    for module, names in their_names.names().items():
        try:
            ours = importlib.import_module(module)
        except ImportError:
            found.append(module)
            continue
        for name in sorted(names):
            owner, _, attribute = name.rpartition(".")
            if owner and not hasattr(ours, owner):
                continue
            target = getattr(ours, owner) if owner else ours
            if isinstance(target, type) and isinstance(running_shell(), target):
                target = running_shell()  # It has the attributes that are made with it.
            if not hasattr(target, attribute) and not _is_set_in(target, attribute):
                found.append(f"{module}.{name}")
    return found


def _is_set_in(cls: object, attribute: str) -> bool:
    """Returns true if a method of a class sets an attribute."""
    if not isinstance(cls, type):
        return False
    for base in cls.__mro__:
        try:
            source = inspect.getsource(base)
        except (OSError, TypeError):
            continue
        if any(f"self.{attribute}{after}" in source for after in (" =", ":", ",")):
            return True
    return False


class SameNames(KernelCase):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        try:
            their_names.wheels()
        except OSError as error:
            raise unittest.SkipTest(str(error)) from None

    def setUp(self) -> None:
        super().setUp()
        without_real_packages(self)

    def test_what_is_missing_is_listed_with_its_reason(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = set(missing())
        reasons = listed()
        self.assertEqual(sorted(found - reasons.keys()), [], "these names are missing, and not in the list")
        self.assertEqual(sorted(reasons.keys() - found), [], "these names are not missing any more: take them off the list")
        self.assertNotIn("", reasons.values())
