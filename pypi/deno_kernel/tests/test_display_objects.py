from __future__ import annotations

import io
import os
import tempfile
import unittest
import warnings
import wave

from deno_kernel.display.display_formatter import DisplayFormatter
from deno_kernel.display.formatters import FormatterWarning
from deno_kernel.display.links import FileLink, FileLinks, IFrame, YouTubeVideo
from deno_kernel.display.media import Audio, Image, Video, png_size
from deno_kernel.display.objects import HTML, JSON, SVG, Code, GeoJSON, Javascript, Latex, Markdown, Math, Pretty

from .support import KernelCase

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (64).to_bytes(4, "big") + (32).to_bytes(4, "big") + b"rest"


class Formatting(unittest.TestCase):
    def setUp(self) -> None:
        self.errors: list[BaseException] = []
        self.formatter = DisplayFormatter(self.errors.append)

    def test_every_method(self) -> None:
        class All:
            def __repr__(self): return "all"
            def _repr_html_(self): return "<b>"
            def _repr_markdown_(self): return "**"
            def _repr_svg_(self): return "<svg/>"
            def _repr_png_(self): return b"\xff\0"
            def _repr_jpeg_(self): return bytearray(b"j")
            def _repr_pdf_(self): return memoryview(b"p")
            def _repr_latex_(self): return "$x$"
            def _repr_json_(self): return {"a": 1}, {"expanded": True}
            def _repr_javascript_(self): return "1"

        data, metadata = self.formatter.format(All())
        self.assertEqual(
            data,
            {"text/plain": "all", "text/html": "<b>", "text/markdown": "**", "image/svg+xml": "<svg/>", "image/png": "/wA=",
             "image/jpeg": "ag==", "application/pdf": "cA==", "text/latex": "$x$", "application/json": {"a": 1},
             "application/javascript": "1"},
        )  # fmt: skip
        self.assertEqual(metadata, {"application/json": {"expanded": True}})
        self.assertEqual(set(self.formatter.format(All(), include=["text/html"])[0]), {"text/html"})
        self.assertNotIn("text/html", self.formatter.format(All(), exclude=["text/html"])[0])

    def test_none_means_no_such_form(self) -> None:
        class Some:
            def _repr_html_(self): return None

        self.assertEqual(set(self.formatter.format(Some())[0]), {"text/plain"})

    def test_broken_forms_are_reported_and_skipped(self) -> None:
        class Broken:
            def __repr__(self): return "fine"
            def _repr_html_(self): return 1 / 0
            def _repr_latex_(self): raise NotImplementedError
            def _repr_mimebundle_(self, **kw): raise ValueError("bundle")

        data, _ = self.formatter.format(Broken())
        self.assertEqual(data, {"text/plain": "fine"})
        self.assertEqual([type(error) for error in self.errors], [ValueError, ZeroDivisionError])

    def test_bundles(self) -> None:
        class Bundle:
            asked = None

            def _repr_mimebundle_(self, include=None, exclude=None):
                Bundle.asked = (include, exclude)
                return {"text/html": "from bundle", "x/y": b"z", "image/png": b"p"}, {"x/y": {"m": 1}}

            def _repr_html_(self): return "from method"
            def __repr__(self): return "r"

        data, metadata = self.formatter.format(Bundle(), exclude={"image/png"})
        self.assertEqual(data, {"text/html": "from bundle", "x/y": "eg==", "text/plain": "r"})
        self.assertEqual(metadata, {"x/y": {"m": 1}})
        self.assertEqual(Bundle.asked, (None, {"image/png"}))

        class Bad:
            def _repr_mimebundle_(self, **kw): return "text"

        with self.assertWarnsRegex(FormatterWarning, "mimebundle formatter returned invalid type <class 'str'>"):
            self.assertEqual(set(self.formatter.format(Bad())[0]), {"text/plain"})

    def test_forms_of_wrong_types_are_dropped_with_a_warning(self) -> None:
        class Wrong:
            def __repr__(self): return "wrong"
            def _repr_html_(self): return 3
            def _repr_png_(self): return (3, {})
            def _repr_json_(self): return "{}"
            def _repr_latex_(self): return "$x$"

        for _ in range(2):
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("default")
                self.assertEqual(self.formatter.format(Wrong())[0], {"text/plain": "wrong", "text/latex": "$x$"})
            self.assertEqual([warning.category for warning in caught], [FormatterWarning] * 3)
            self.assertIn("text/html formatter returned invalid type <class 'int'> (expected <class 'str'>)", str(caught[0].message))
            self.assertIn("for object: wrong", str(caught[0].message))

    def test_registered_functions_are_checked_too(self) -> None:
        class Registered:
            def __repr__(self): return 1 / 0

        self.formatter.formatters["text/html"].for_type(Registered, lambda value: b"bytes")
        with self.assertWarnsRegex(FormatterWarning, "whose repr.. raised ZeroDivisionError"):
            self.assertEqual(set(self.formatter.format(Registered())[0]), {"text/plain"})

    def test_classes_and_mocks_have_no_forms(self) -> None:
        class Any:
            def __getattr__(self, name): return lambda *a, **k: "anything"
            def __repr__(self): return "any"
            def _repr_html_(self): return "real"

        self.assertEqual(self.formatter.format(Any()), ({"text/plain": "any"}, {}))
        self.assertEqual(set(self.formatter.format(HTML)[0]), {"text/plain"})

    def test_a_class_has_the_forms_of_its_metaclass(self) -> None:
        class Meta(type):
            def _repr_html_(cls): return f"<b>{cls.__name__}</b>"

        class Shown(metaclass=Meta):
            def _repr_markdown_(self): return "*an object*"

        data, _ = self.formatter.format(Shown)
        self.assertEqual(data["text/html"], "<b>Shown</b>")
        self.assertNotIn("text/markdown", data)

    def test_shows_itself(self) -> None:
        shown = []

        class Self:
            def _ipython_display_(self): shown.append(1)

        class Not:
            def _ipython_display_(self): raise NotImplementedError
            def __repr__(self): return "not"

        class Broken:
            def _ipython_display_(self): 1 / 0
            def __repr__(self): return "broken"

        self.assertEqual(self.formatter.format(Self()), ({}, {}))
        self.assertEqual(shown, [1])
        self.assertEqual(self.formatter.format(Not())[0], {"text/plain": "not"})
        self.assertEqual(self.formatter.format(Broken()), ({"text/plain": "broken"}, {}))
        self.assertEqual(len(self.errors), 1)

    def test_registered_types(self) -> None:
        html = self.formatter.formatters["text/html"]
        self.assertIsNone(html.for_type(int, lambda n: f"<i>{n}</i>"))
        self.assertEqual(self.formatter.format(True)[0]["text/html"], "<i>True</i>")
        self.assertTrue(self.formatter.customised)
        self.assertEqual(html.lookup(5)(5), "<i>5</i>")
        with self.assertRaises(KeyError):
            html.lookup("")
        html.pop(int)
        self.assertNotIn("text/html", self.formatter.format(5)[0])
        with self.assertRaises(KeyError):
            html.pop(int)
        self.assertIsNone(html.pop(int, None))

    def test_registered_by_name(self) -> None:
        html = self.formatter.formatters["text/html"]
        html.for_type_by_name("dk_later", "Thing", lambda thing: "<thing>")
        html.for_type("fractions.Fraction", lambda f: "<frac>")
        Thing = type("Thing", (), {"__module__": "dk_later"})
        self.assertEqual(self.formatter.format(type("Sub", (Thing,), {})())[0]["text/html"], "<thing>")
        from fractions import Fraction

        self.assertEqual(self.formatter.format(Fraction(1, 2))[0]["text/html"], "<frac>")
        self.assertIsNotNone(html.pop("fractions.Fraction"))

    def test_disabled_types(self) -> None:
        self.formatter.active_types = ["text/plain"]
        self.assertEqual(set(self.formatter.format(HTML("x"))[0]), {"text/plain"})
        self.assertEqual(self.formatter.active_types, ["text/plain"])

    def test_plain_text_by_type(self) -> None:
        self.formatter.formatters["text/plain"].for_type(str, lambda s, p, cycle: p.text("<" + s + ">"))
        self.assertEqual(self.formatter.format(["a"])[0]["text/plain"], "[<a>]")


class Displaying(KernelCase):
    def shown(self) -> list:
        return [(event["type"], event["data"].get("text/plain"), event["transient"]) for event in self.events("display_data", "update_display_data")]

    def test_several_objects(self) -> None:
        self.assertIsNone(self.ok("display(1, 'a')"))
        self.assertEqual(self.shown(), [("display_data", "1", {}), ("display_data", "'a'", {})])

    def test_ids_and_updates(self) -> None:
        self.ok("h = display(1, display_id='i')\nh.update(2)\nh.display(3)\nk = display(4, display_id=True)")
        self.assertEqual(
            self.shown()[:3],
            [("display_data", "1", {"display_id": "i"}), ("update_display_data", "2", {"display_id": "i"}), ("display_data", "3", {"display_id": "i"})],
        )
        self.assertEqual(self.shown()[3][2]["display_id"], self.names["k"].display_id)
        self.assertEqual(self.ok("display(display_id='j').display_id"), "'j'")
        self.fails("display(1, update=True)", "TypeError")

    def test_raw_include_metadata(self) -> None:
        self.ok("display({'text/plain': 'raw', 'image/png': b'x'}, raw=True, metadata={'text/plain': {'m': 1}})")
        event = self.events("display_data")[0]
        self.assertEqual((event["data"], event["metadata"]), ({"text/plain": "raw", "image/png": "eA=="}, {"text/plain": {"m": 1}}))
        self.ok("display(5, include=['text/html'])")
        self.assertEqual(len(self.events("display_data")), 1)
        self.fails("get_ipython().display_pub.publish('x')", "TypeError")
        self.fails("get_ipython().display_pub.publish({}, metadata=5)", "TypeError")

    def test_clear_output(self) -> None:
        self.ok("from deno_kernel.display.functions import clear_output\nclear_output()\nclear_output(wait=True)\ndisplay(1, clear=True)")
        self.assertEqual([event["wait"] for event in self.events("clear_output")], [False, True, True])

    def test_nan_in_json_form(self) -> None:
        self.ok("from deno_kernel.display.objects import JSON\nJSON({'a': float('nan'), 1: 2})")
        self.assertEqual(self.events("execute_result")[0]["data"]["application/json"], {"a": None, "1": 2})

    def test_output_of_a_result_that_shows_itself(self) -> None:
        self.assertIsNone(self.ok("class S:\n    def _ipython_display_(self): print('me')\nS()"))
        self.assertEqual((self.printed(), self.events("execute_result")), ("me\n", []))

    def test_typed_displays(self) -> None:
        self.ok("from deno_kernel.display.functions import display_html, display_latex\nfrom deno_kernel.display.objects import HTML\n"
                "display_latex(HTML('<i>'))\ndisplay_html('no HTML')\ndisplay_html(HTML('<i>'))")  # fmt: skip
        self.assertEqual([event["data"] for event in self.events("display_data")], [{"text/html": "<i>"}])
        self.clear()
        self.ok("from deno_kernel.display.functions import *\nfrom deno_kernel.display.functions import display_html\ndisplay_html('<b>', raw=True)")
        self.assertEqual(self.events("display_data")[0]["data"], {"text/html": "<b>"})

    def test_progress_bar(self) -> None:
        self.ok("from deno_kernel.display.objects import ProgressBar\nfor i in ProgressBar(2): pass")
        self.assertEqual([event["type"] for event in self.events("display_data", "update_display_data")], ["display_data", *["update_display_data"] * 3])
        self.assertIn("2/2", self.events("update_display_data")[-1]["data"]["text/plain"])


class Objects(unittest.TestCase):
    def bundle(self, obj: object) -> dict:
        data, self.metadata = DisplayFormatter().format(obj)
        data.pop("text/plain")
        return data

    def test_texts(self) -> None:
        for cls, mime in [(HTML, "text/html"), (Markdown, "text/markdown"), (Latex, "text/latex")]:
            self.assertEqual(self.bundle(cls("abc")), {mime: "abc"})
            self.bundle(cls("abc", metadata={"m": 1}))
            self.assertEqual(self.metadata, {mime: {"m": 1}})
            with self.assertRaises(TypeError):
                cls(5)
        self.assertEqual(repr(HTML("x")), "<IPython.core.display.HTML object>")
        self.assertEqual(self.bundle(Math("$x^2$")), {"text/latex": "$\\displaystyle x^2$"})
        self.assertEqual(self.bundle(SVG("<?xml version='1.0'?><svg>a</svg>")), {"image/svg+xml": "<svg>a</svg>"})
        self.assertEqual(DisplayFormatter().format(Pretty("as is"))[0], {"text/plain": "as is"})

    def test_json(self) -> None:
        self.assertEqual(self.bundle(JSON('{"a": [1]}')), {"application/json": {"a": [1]}})
        self.assertEqual(self.metadata, {"application/json": {"expanded": False, "root": "root"}})
        with self.assertRaises(TypeError):
            JSON(5)

    def test_code(self) -> None:
        self.assertEqual(self.bundle(Code("a < b", language="python"))["text/html"], '<pre><code class="language-python">a &lt; b</code></pre>')

    def test_javascript(self) -> None:
        self.assertEqual(self.bundle(Javascript("f()")), {"application/javascript": "f()"})
        text = self.bundle(Javascript("f()", lib="https://x/y.js", css=["https://x/y.css"]))["application/javascript"]
        for part in ["https://x/y.js", "https://x/y.css", "f()"]:
            self.assertIn(part, text)

    def test_files(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            path = os.path.join(directory, "page.html")
            with open(path, "w", encoding="utf-8") as file:
                file.write("<p>ü</p>")
            self.assertEqual(self.bundle(HTML(filename=path)), {"text/html": "<p>ü</p>"})
            self.assertEqual(self.bundle(HTML(path)), {"text/html": "<p>ü</p>"})
            image = os.path.join(directory, "i.png")
            with open(image, "wb") as file:
                file.write(PNG)
            self.assertEqual(list(self.bundle(Image(image))), ["image/png"])
            self.assertIn("i.png</a>", FileLink(image)._repr_html_())
            self.assertIn(">i.png</a>", FileLinks(directory)._repr_html_())
            self.assertNotIn("page.html", FileLinks(directory, included_suffixes=[".png"])._repr_html_())
            with self.assertRaises(ValueError):
                FileLink(directory)
            with self.assertRaises(ValueError):
                FileLinks(image)
        with self.assertRaises(FileNotFoundError):
            Image(filename="/nonexistent.png")

    def test_images(self) -> None:
        self.assertEqual(list(self.bundle(Image(PNG, width=5, alt="a"))), ["image/png"])
        self.assertEqual(self.metadata, {"image/png": {"width": 5, "alt": "a"}})
        self.bundle(Image(PNG, retina=True))
        self.assertEqual(self.metadata, {"image/png": {"width": 32, "height": 16}})
        self.assertEqual(list(self.bundle(Image(b"\xff\xd8..."))), ["image/jpeg"])
        self.assertEqual(set(self.bundle(Image(b"GIF89a..."))), {"image/gif", "text/html"})
        self.assertEqual(self.bundle(Image(url="https://x/a b.png?q=\"", width=3)), {"text/html": '<img src="https://x/a b.png?q=&quot;" width="3"/>'})
        self.assertEqual(self.bundle(Image("data:image/png;base64,iVBORw0KGgo="))["image/png"], "iVBORw0KGgo=")
        self.assertEqual(png_size(PNG), (64, 32))
        for bad in [lambda: Image(), lambda: Image(b"x", format="bmp")]:
            with self.assertRaises(ValueError):
                bad()

    def test_audio(self) -> None:
        sound = Audio([0, 0.5, -0.5], rate=8000)
        with wave.open(io.BytesIO(sound.data)) as file:
            self.assertEqual((file.getframerate(), file.getnframes(), file.getsampwidth()), (8000, 3, 2))
        self.assertIn('src="data:audio/wav;base64,', self.bundle(sound)["text/html"])
        self.assertIn("https://x/a.mp3", Audio(url="https://x/a.mp3")._repr_html_())
        for bad in [lambda: Audio(), lambda: Audio([1, 2]), lambda: Audio([2.0], rate=1, normalize=False)]:
            with self.assertRaises(ValueError):
                bad()

    def test_frames(self) -> None:
        self.assertIn('src="https://x/?a=1&amp;b=2"', IFrame("https://x/", 10, 20, a=1, b=2)._repr_html_())
        self.assertIn("youtube.com/embed/abc?start=5", YouTubeVideo("abc", start=5)._repr_html_())
        self.assertIn('<video src="https://x/a.mp4" controls width="9">', Video("https://x/a.mp4", width=9)._repr_html_())
        with self.assertRaises(ValueError):
            Video(b"data")

    def test_maps(self) -> None:
        self.assertEqual(GeoJSON({"type": "Feature"}).data, {"type": "Feature"})
