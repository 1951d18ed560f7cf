from __future__ import annotations

import importlib
import importlib.util
import os
import sys
import tempfile
import types
import unittest
from typing import Any
from unittest import mock

from deno_kernel.imports import import_hooks
from deno_kernel.imports.import_hooks import ROOTS, STAND_INS, StandInFinder
from deno_kernel.packages.installed import forget_directories

from .support import KernelCase

MODULES = sorted(
    os.path.relpath(os.path.join(directory, file), STAND_INS)[:-3].replace(os.sep, ".").removesuffix(".__init__")
    for directory, _, files in os.walk(STAND_INS) for file in files
    if file.endswith(".py") and directory + os.sep + file != os.path.join(STAND_INS, "__init__.py")
)  # fmt: skip


class First:
    """A `First` is asked before the real finders, as if the real packages were not installed."""

    def find_spec(self, name: str, path: Any, target: Any = None) -> Any:
        return StandInFinder().find_spec(name, path, target)


def without_real_packages(case: unittest.TestCase) -> None:
    """Makes imports find the stand-ins, as if the real packages were not installed, until a test restores `sys`."""
    case.enterContext(mock.patch.object(import_hooks, "_is_installed", return_value=False))
    for name in list(sys.modules):
        if name.partition(".")[0] in ROOTS:
            del sys.modules[name]
    sys.meta_path.insert(0, First())


class StandIns(KernelCase):
    def setUp(self) -> None:
        super().setUp()
        without_real_packages(self)

    def test_every_module_can_be_imported(self) -> None:
        self.assertGreater(len(MODULES), 80)
        without_matplotlib = importlib.util.find_spec("matplotlib") is None
        for name in MODULES:
            if without_matplotlib and name.endswith("backend_inline"):
                continue  # These import the backend, which needs matplotlib.
            with self.subTest(name=name):
                module = importlib.import_module(name)
                self.assertTrue(str(module.__file__).startswith(STAND_INS))
                self.assertTrue(module.__doc__)
                for attribute in getattr(module, "__all__", ()):
                    self.assertTrue(hasattr(module, attribute), attribute)

    def test_others_cannot(self) -> None:
        for name in ["IPython.nope", "comm.nope", "ipykernel.nope", "IPython.core.nope"]:
            with self.subTest(name=name), self.assertRaises(ModuleNotFoundError):
                importlib.import_module(name)

    def test_everything_a_notebook_imports(self) -> None:
        self.ok(
            "from IPython import get_ipython, version_info, display\n"
            "from IPython.display import (display, HTML, Image, SVG, Markdown, Latex, Math, JSON, Javascript, Audio, Video, IFrame, Code,\n"
            "    Pretty, FileLink, FileLinks, YouTubeVideo, DisplayHandle, DisplayObject, clear_output, update_display, display_html,\n"
            "    display_markdown, display_svg, display_png, display_jpeg, display_latex, display_json, display_javascript, display_pretty,\n"
            "    display_pdf, publish_display_data, set_matplotlib_formats)\n"
            "from IPython.core.magic import register_line_magic, register_cell_magic, Magics, magics_class, line_magic, cell_magic\n"
            "from IPython.core.display import HTML as H2, display as d2\n"
            "from IPython.core.getipython import get_ipython as g2\n"
            "from IPython.core.interactiveshell import InteractiveShell\n"
            "from IPython.utils.capture import capture_output\nfrom IPython.utils.io import capture_output as c2\n"
            "from IPython.lib.pretty import pretty\nfrom IPython.core.error import UsageError\n"
            "from comm import create_comm, get_comm_manager\nfrom comm.base_comm import BaseComm, CommManager\n"
            "from ipykernel.comm import Comm\nimport IPython"
        )
        self.assertEqual(self.ok("get_ipython() is g2() is InteractiveShell.instance(), HTML is H2"), "(True, True)")
        self.ok("display(HTML('<b>'))")
        self.assertEqual(self.events("display_data")[0]["data"]["text/html"], "<b>")
        self.assertEqual(self.ok("IPython.core.display.HTML is HTML, int(IPython.__version__.split('.')[0]) >= 8"), "(True, True)")

    def test_magics_through_it(self) -> None:
        self.ok("from IPython.core.magic import register_line_magic\n@register_line_magic\ndef m(line): return line")
        self.assertEqual(self.ok("%m x"), "'x'")

    def test_groups_of_magics_as_inspectors_of_variables_use_them(self) -> None:
        self.ok("from IPython.core.magics.namespace import NamespaceMagics\ngroup = NamespaceMagics()\ngroup.shell = get_ipython().kernel.shell\nx = 1")
        self.assertIn("'x'", self.ok("group.who_ls()") or "")
        self.assertEqual(self.ok("sorted(group.who_ls('int'))"), "['x']")
        self.ok("from IPython.core.magics import *\nOSMagics(get_ipython()).pwd() == ExecutionMagics(get_ipython()).shell.run_line_magic('pwd', '')")

    def test_update_display(self) -> None:
        self.ok("from IPython.display import update_display, publish_display_data\nupdate_display(1, display_id='u')\npublish_display_data({'x/y': 1})")
        self.assertEqual([event["type"] for event in self.events("display_data", "update_display_data")], ["update_display_data", "display_data"])

    def test_old_comms(self) -> None:
        self.ok("from ipykernel.comm import Comm\nc = Comm(target_name='t', data={'x': 1})\nc.send({'y': 2})")
        self.assertEqual([event["data"] for event in self.events("comm_open", "comm_msg")], [{"x": 1}, {"y": 2}])
        self.assertEqual(self.ok("c.kernel is get_ipython().kernel"), "True")

    def test_subclass_of_the_base(self) -> None:
        self.ok("from comm.base_comm import BaseComm\nsent = []\nclass Mine(BaseComm):\n    def publish_msg(self, kind, **k): sent.append(kind)\nm = Mine(target_name='t')\nm.send({})\nm.close()")
        self.assertEqual(self.names["sent"], ["comm_open", "comm_msg", "comm_close"])

    def test_formats(self) -> None:
        self.ok("from IPython.display import set_matplotlib_formats\nset_matplotlib_formats('svg', 'png')")
        self.assertEqual(self.ok("%config InlineBackend.figure_formats"), "{'png', 'svg'}")
        self.fails("set_matplotlib_formats('nope')", "ValueError")


class RealPackages(KernelCase):
    """Tests that a real package has precedence, and is made to use this kernel."""

    def setUp(self) -> None:
        super().setUp()
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = directory.name
        for name in list(sys.modules):
            if name.partition(".")[0] in ROOTS:
                del sys.modules[name]
        sys.path.insert(0, self.directory)
        importlib.invalidate_caches()

    def package(self, name: str, **files: str) -> None:
        os.makedirs(os.path.join(self.directory, name), exist_ok=True)
        for file, text in {"__init__": "", **files}.items():
            with open(os.path.join(self.directory, name, file + ".py"), "w") as opened:
                opened.write(text)
        importlib.invalidate_caches()

    def test_real_comm_is_bridged(self) -> None:
        self.package("comm", __init__="real = True\ndef create_comm(**k): raise NotImplementedError\nget_comm_manager = None\n")
        self.ok("import comm\nc = comm.create_comm(target_name='t')\nfrom comm import get_comm_manager")
        self.assertEqual(self.ok("comm.real, get_comm_manager() is get_ipython().kernel.comm_manager"), "(True, True)")
        self.assertEqual(len(self.events("comm_open")), 1)

    def test_installing_tells_the_finder_of_stand_ins(self) -> None:
        with mock.patch.object(StandInFinder, "invalidate_caches") as forget:
            forget_directories()
        forget.assert_called()

    def test_real_ipython_is_bridged(self) -> None:
        self.package("IPython", __init__="from IPython.core.getipython import get_ipython\n")
        self.package("IPython/core", getipython="def get_ipython(): return None\n", display_functions="def display(*o): print('not ours')\n")
        self.assertEqual(self.ok("import IPython; IPython.get_ipython() is get_ipython()"), "True")
        self.ok("from IPython.core.display_functions import display as d\nd(5)")
        self.assertEqual(self.events("display_data")[0]["data"], {"text/plain": "5"})

    def test_stand_ins_do_not_mix_with_the_real_thing(self) -> None:
        self.package("IPython", __init__="real = True\n")
        self.fails("import IPython.display", "ModuleNotFoundError")
        self.assertEqual(self.ok("import IPython; IPython.real"), "True")

    def test_modules_imported_before_are_bridged(self) -> None:
        from deno_kernel.imports import import_hooks

        module: Any = types.ModuleType("comm")
        sys.modules["comm"] = module
        import_hooks.install(self.kernel)
        self.assertIs(module.get_comm_manager(), self.kernel.comms)

    def test_modules_of_one_archive_are_bridged_one_by_one(self) -> None:
        import zipfile

        archive = os.path.join(self.directory, "dk.zip")
        with zipfile.ZipFile(archive, "w") as file:
            file.writestr("comm/__init__.py", "def create_comm(): 'the real one'\n")
            file.writestr("dk_neighbour.py", "x = 1\n")
        sys.path.insert(0, archive)
        self.addCleanup(sys.modules.pop, "dk_neighbour", None)
        self.ok("import comm, dk_neighbour, inspect")
        self.assertEqual(self.ok("comm.get_comm_manager() is get_ipython().kernel.comm_manager"), "True")
        self.assertEqual(self.ok("hasattr(dk_neighbour, 'create_comm'), inspect.getsource(comm)"), '(False, "def create_comm(): \'the real one\'\\n")')
