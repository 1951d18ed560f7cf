"""Shows objects of real libraries, and compares with the real IPython where that is possible."""

from __future__ import annotations

from .support import KernelCase


class Pandas(KernelCase):
    def test_frame_is_html_and_text(self) -> None:
        data = self.run_cell("import pandas as pd\nframe = pd.DataFrame({'a': [1, 2]})\nframe")["result"]["data"]
        self.assertIn("<table", data["text/html"])
        self.assertIn("a\n0  1", data["text/plain"])

    def test_bundles_equal_ipythons(self) -> None:
        from IPython.core.formatters import DisplayFormatter

        self.ok("import pandas as pd, numpy as np")
        theirs = DisplayFormatter()
        for code in (
            "pd.DataFrame({'a': [1, 2], 'b': list('xy')})",
            "pd.Series([1.5, None])",
            "np.arange(3)",
            "np.float64(1.5)",
            "{'k': np.arange(2)}",
            "pd.Timestamp('2020-01-02')",
        ):
            with self.subTest(code=code):
                value = eval(code, dict(self.names))
                wanted, _ = theirs.format(value)
                self.assertEqual(self.run_cell(code)["result"]["data"], wanted)

    def test_numpy_is_seeded_anew(self) -> None:
        self.ok("import numpy as np\nnp.random.seed(1)")
        before = self.ok("np.random.get_state()[1][0]")
        self.call("configure", kernelId="k", env={}, cwd="/")
        self.assertNotEqual(self.ok("np.random.get_state()[1][0]"), before)


class Matplotlib(KernelCase):
    def setUp(self) -> None:
        super().setUp()
        import matplotlib

        # The setting is read and restored past its checks: they load the backend, and there may be no display.
        backend = dict.__getitem__(matplotlib.rcParams, "backend")
        matplotlib.use("module://deno_kernel.figures.matplotlib_backend", force=True)
        self.addCleanup(dict.__setitem__, matplotlib.rcParams, "backend", backend)
        from deno_kernel.figures.matplotlib_backend import activate

        activate()  # The import does this for the first kernel of a process, and each test has a kernel of its own.

    def test_figure_is_shown_at_the_end_and_closed(self) -> None:
        reply = self.run_cell("import matplotlib.pyplot as plt\n_ = plt.plot([1, 2, 3])\nprint('before')")
        self.assertEqual(reply["status"], "ok")
        self.assertEqual([event["type"] for event in self.events("stdout", "display_data")], ["stdout", "display_data"])
        (event,) = self.events("display_data")
        self.assertTrue(event["data"]["image/png"].startswith("iVBOR"))
        self.assertIn("<Figure size", event["data"]["text/plain"])
        self.assertEqual(self.ok("plt.get_fignums()"), "[]")

    def test_show_shows_at_once(self) -> None:
        self.ok("import matplotlib.pyplot as plt\nplt.plot([1])\nplt.show()\nprint('after')")
        self.assertEqual([event["type"] for event in self.events("stdout", "display_data")], ["display_data", "stdout"])

    def test_figure_as_value(self) -> None:
        reply = self.run_cell("import matplotlib.pyplot as plt\nfigure, axes = plt.subplots()\nplt.close(figure)\nfigure")
        self.assertTrue(reply["result"]["data"]["image/png"].startswith("iVBOR"))

    def test_failed_cell_shows_its_figure_and_error(self) -> None:
        self.fails("import matplotlib.pyplot as plt\nplt.plot([1])\n1/0", "ZeroDivisionError")
        self.assertEqual(self.ok("plt.get_fignums()"), "[]")
