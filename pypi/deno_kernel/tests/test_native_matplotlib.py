"""Compares figures of the real matplotlib with IPython's own rendering."""

from __future__ import annotations

import os
import sys
import unittest
from binascii import a2b_base64
from typing import Any

from IPython.core.pylabtools import print_figure, retina_figure

from deno_kernel.display.media import png_size
from deno_kernel.figures.rendering import render

from .support import KernelCase

PLOT = "import matplotlib.pyplot as plt\nplt.plot([1, 3, 2])\n"


def figure() -> Any:
    from matplotlib.figure import Figure  # matplotlib chooses its backend when it is imported.

    made = Figure(figsize=(3, 2))
    made.add_subplot().plot([1, 3, 2])
    return made


class SameImages(unittest.TestCase):
    def test_png_and_retina(self) -> None:
        self.assertEqual(render(figure(), "png"), print_figure(figure(), "png", base64=False))
        image, sizes = retina_figure(figure(), base64=False)
        self.assertEqual(render(figure(), "retina"), (image, sizes))

    def test_svg_is_text_and_empty_is_nothing(self) -> None:
        self.assertIn("<svg", render(figure(), "svg"))
        empty = figure()
        empty.clear()
        self.assertIsNone(render(empty, "png"))


class Inline(KernelCase):
    def setUp(self) -> None:
        super().setUp()
        import matplotlib

        # This makes the kernel the first to import pyplot, in a process with its MPLBACKEND.
        parts = ("matplotlib.pyplot", "deno_kernel.figures.matplotlib_backend", "matplotlib_inline.backend_inline")
        saved = {name: sys.modules.pop(name) for name in parts if name in sys.modules}
        backend, interactive = dict.__getitem__(matplotlib.rcParams, "backend"), matplotlib.is_interactive()
        dict.__setitem__(matplotlib.rcParams, "backend", os.environ["MPLBACKEND"])

        def restore() -> None:
            matplotlib._pylab_helpers.Gcf.destroy_all()
            for name in parts:
                sys.modules.pop(name, None)
            sys.modules.update(saved)
            matplotlib.interactive(interactive)
            dict.__setitem__(matplotlib.rcParams, "backend", backend)

        self.addCleanup(restore)

    def images(self) -> list[dict[str, Any]]:
        return [event for event in self.events("display_data") if "Figure" in event["data"].get("text/plain", "")]

    def test_shown_once_and_closed(self) -> None:
        self.ok(PLOT + "5")
        self.assertEqual([event["type"] for event in self.events()], ["execute_input", "execute_result", "display_data", "execute_reply"])
        (image,) = self.images()
        self.assertEqual(set(image["data"]), {"text/plain", "image/png"})
        self.assertIsNotNone(png_size(a2b_base64(image["data"]["image/png"])))
        self.assertEqual(self.ok("plt.get_fignums()"), "[]")
        self.assertEqual(len(self.images()), 1)

    def test_show_in_the_middle(self) -> None:
        self.ok(PLOT + "plt.show()\nprint('after')")
        kinds = [event["type"] for event in self.events("display_data", "stdout")]
        self.assertEqual(kinds, ["display_data", "stdout"])

    def test_several_figures_and_an_error(self) -> None:
        self.fails(PLOT + "plt.figure()\nplt.plot([1])\n1/0", "ZeroDivisionError")
        self.assertEqual(len(self.images()), 2)

    def test_figures_of_a_failing_cell_follow_its_error(self) -> None:
        self.fails(PLOT + "1/0", "ZeroDivisionError")
        kinds = [event["type"] for event in self.events("display_data", "execute_error", "execute_reply")]
        self.assertEqual(kinds, ["execute_error", "display_data", "execute_reply"])

    def test_interactive_off(self) -> None:
        self.ok(PLOT)
        self.clear()
        self.ok("with plt.ioff():\n    f, ax = plt.subplots()")
        self.assertEqual(self.images(), [])
        self.ok("ax.plot([1])\ndisplay(f)")
        self.assertEqual(len(self.images()), 1)

    def test_formats(self) -> None:
        self.ok("%config InlineBackend.figure_formats = ['svg']")
        self.ok(PLOT)
        self.assertEqual(set(self.images()[0]["data"]), {"text/plain", "image/svg+xml"})
        self.clear()
        self.ok("%config InlineBackend.figure_format = 'retina'")
        self.ok(PLOT)
        (image,) = self.images()
        width, height = png_size(a2b_base64(image["data"]["image/png"])) or (0, 0)
        self.assertEqual(image["metadata"], {"image/png": {"width": width // 2, "height": height // 2}})

    def test_kept_open(self) -> None:
        self.ok("%config InlineBackend.close_figures = False")
        self.ok(PLOT)
        self.assertEqual(self.ok("plt.get_fignums()"), "[1]")
        self.assertEqual(len(self.images()), 1)
        self.clear()
        self.ok("plt.figure(); plt.show()")
        self.assertEqual(len(self.images()), 2, "the end of the cell shows no figure again")

    def test_magic(self) -> None:
        self.ok("%matplotlib inline")
        self.ok(PLOT)
        self.assertEqual(len(self.images()), 1)
        self.assertEqual(self.ok("import matplotlib; matplotlib.is_interactive()"), "True")

    def test_figure_as_a_value(self) -> None:
        self.ok("from matplotlib.figure import Figure\nf = Figure()\nf.add_subplot()\nf")
        self.assertIn("image/png", self.events("execute_result")[0]["data"])

    def test_captured(self) -> None:
        self.ok("%%capture c\n" + PLOT)
        self.assertEqual(self.images(), [])
        self.assertEqual(len([o for o in self.names["c"].outputs if "image/png" in o.data]), 1)
