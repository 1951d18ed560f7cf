"""Tests of a resolution: the choice of releases, their order, and the messages of failures."""

from __future__ import annotations

import asyncio
import hashlib
import itertools
import unittest
from typing import Any

from .support import ENVIRONMENT, PLATFORM, MadeUp, metadata, planned, resolve, wheel

import deno_resolver
from deno_resolver import Environment, Formats, Question, ResolutionFailed


class ChoosesTest(unittest.TestCase):
    """resolve() chooses."""

    def setUp(self) -> None:
        self.source = MadeUp()

    def assertFails(self, pattern: str, *requirements: str, **options: object) -> None:  # noqa: N802
        """Asserts that a resolution fails with a message."""
        with self.assertRaisesRegex(ResolutionFailed, pattern):
            resolve(self.source, *requirements, **options)

    def test_newest_of_the_index_by_version(self) -> None:
        for version in ("1.9", "1.10", "1.2", "2.0rc1", "2.0.dev3"):
            self.source.index("a", version)
        self.assertEqual(planned(self.source, "A"), ["a-1.10"])
        self.assertEqual(planned(self.source, "a<1.10"), ["a-1.9"])
        self.assertEqual(planned(self.source, "a", prereleases=True), ["a-2.0rc1"])
        self.assertEqual(planned(self.source, "a>=2.0.dev1"), ["a-2.0rc1"])
        self.assertEqual(planned(self.source, "a>=1.11"), ["a-2.0rc1"])

    def test_needed_packages_first(self) -> None:
        self.source.index("a", "1", needs=("b", "c"))
        self.source.index("b", "1", needs=("c",))
        self.source.index("c", "1")
        self.assertEqual(planned(self.source, "a"), ["c-1", "b-1", "a-1"])

    def test_circles(self) -> None:
        self.source.index("a", "1", needs=("b",))
        self.source.index("b", "1", needs=("a",))
        self.assertEqual(planned(self.source, "a"), ["b-1", "a-1"])

    def test_backtracks_over_versions(self) -> None:
        self.source.index("a", "2", needs=("c>=2",))
        self.source.index("a", "1", needs=("c<2",))
        self.source.index("b", "1", needs=("c<2",))
        self.source.index("c", "1")
        self.source.index("c", "2")
        self.assertEqual(planned(self.source, "a", "b"), ["c-1", "a-1", "b-1"])

    def test_markers_count_for_this_interpreter(self) -> None:
        needs = ('b; sys_platform == "win32"', 'c; python_version < "3.12"', 'd; sys_platform == "emscripten"')
        self.source.index("a", "1", needs=needs)
        self.source.index("d", "1")
        self.assertEqual(planned(self.source, "a", 'b; sys_platform == "win32"'), ["d-1", "a-1"])

    def test_extras_and_extras_of_extras(self) -> None:
        needs = ("base", 'x; extra == "one"', 'y; extra == "two"', 'a[one,two]; extra == "all"')
        self.source.index("a", "1", needs=needs, extras=("one", "two", "all"))
        for name in ("base", "x", "y"):
            self.source.index(name, "1")
        self.assertEqual(planned(self.source, "a"), ["base-1", "a-1"])
        self.assertEqual(sorted(planned(self.source, "a[One]")), ["a-1", "base-1", "x-1"])
        self.assertEqual(sorted(planned(self.source, "a[all]")), ["a-1", "base-1", "x-1", "y-1"])
        self.assertEqual(resolve(self.source, "a[none]").notes, ("a 1 has no extra 'none'",))

    def test_extra_of_an_installed_package(self) -> None:
        self.source.install("a", "1", ('x; extra == "one"',))
        self.source.index("x", "1")
        self.assertEqual(planned(self.source, "a"), [])
        self.assertEqual(planned(self.source, "a[one]"), ["x-1"])

    def test_what_runs_here(self) -> None:
        self.source.index("a", "1", f"cp314-cp314-{PLATFORM}")
        self.source.index("a", "1", "py2.py3-none-any")
        self.source.index("a", "2", "cp314-cp314-manylinux_2_17_x86_64")
        self.source.index("a", "3", "cp313-cp313-pyemscripten_2025_0_wasm32")
        self.source.index("a", "4", page_python=">=3.15")
        (step,) = resolve(self.source, "a").steps
        self.assertEqual(step.release.file_name, f"a-1-cp314-cp314-{PLATFORM}.whl")
        self.source.index("b", "1", f"cp310-abi3-{PLATFORM}")
        self.source.index("c", "1", "py36-none-any")
        self.assertEqual(planned(self.source, "b", "c"), ["b-1", "c-1"])

    def test_names_of_wheels_that_are_none(self) -> None:
        self.source.index("a", "1")
        for tags in ("36-none-any", "py3-none", "py3-none-any-any-any", ""):
            self.source.index("a", "2", tags=tags)
        self.assertEqual(planned(self.source, "a"), ["a-1"])

    def test_python_that_only_the_metadata_requires(self) -> None:
        self.source.index("a", "2", python=">=3.15")
        self.source.index("a", "1", python=">=3.9")
        self.assertEqual(planned(self.source, "a"), ["a-1"])
        self.assertFails(r"Python 3\.14\.2 does not satisfy python>=3\.15|a 2 needs python>=3\.15", "a==2")

    def test_yanked_only_when_it_is_pinned(self) -> None:
        self.source.index("a", "1")
        self.source.index("a", "2", yanked="it is broken")
        self.source.index("a", "3", yanked="")
        self.assertEqual(planned(self.source, "a"), ["a-1"])
        self.assertEqual(planned(self.source, "a==2"), ["a-2"])
        self.assertFails(r"Cannot install a>=2", "a>=2")

    def test_constraints_ask_for_nothing(self) -> None:
        self.source.index("a", "1", needs=("b",))
        for version in ("1", "2"):
            self.source.index("b", version)
        self.assertEqual(planned(self.source, "a", constraints=("b<2", "unheard-of==3")), ["b-1", "a-1"])

    def test_without_dependencies(self) -> None:
        self.source.index("a", "1", needs=("nowhere",))
        self.assertEqual(planned(self.source, "a", dependencies=False), ["a-1"])

    def test_installed_packages_stay_when_they_do(self) -> None:
        self.source.install("a", "1", ("b",))
        self.source.install("b", "1")
        self.source.index("a", "2")
        plan = resolve(self.source, "a")
        self.assertEqual((plan.steps, [str(it) for it in plan.satisfied]), ((), ["b 1", "a 1"]))
        self.assertEqual(self.source.asked, [])
        (step,) = resolve(self.source, "a>1").steps
        self.assertEqual((str(step.release), step.replaces), ("a 2", "1"))

    def test_upgrade_replaces_what_is_named_alone(self) -> None:
        for name in ("a", "b"):
            self.source.install(name, "1", ("b",) if name == "a" else ())
            self.source.index(name, "2", needs=("b",) if name == "a" else ())
        self.assertEqual(planned(self.source, "a", upgrade=True), ["a-2"])
        self.source.install("a", "2", ("b",))
        self.assertEqual(planned(self.source, "a", upgrade=True), [])
        self.assertEqual(planned(self.source, "a", reinstall=True), ["a-2"])

    def test_downgrade_that_breaks_another_package_is_noted(self) -> None:
        self.source.install("a", "1", ("b>=2",))
        self.source.install("b", "2")
        self.source.index("b", "1")
        plan = resolve(self.source, "b<2")
        self.assertEqual(plan.notes, ("a 1, which is installed, needs b>=2, and b 1 will be there",))

    def test_built_in_package_unless_a_person_names_it(self) -> None:
        self.source.built_in["ipython"] = "9.5"
        self.source.index("a", "1", needs=("ipython>=7",))
        self.source.index("ipython", "9.18")
        self.assertEqual(planned(self.source, "a"), ["a-1"])
        self.assertEqual(planned(self.source, "ipython"), ["ipython-9.18"])


class SourcesTest(unittest.TestCase):
    """resolve() uses all sources."""

    def setUp(self) -> None:
        self.source = MadeUp()

    def test_distribution_before_the_index_where_it_does(self) -> None:
        self.source.lock("numpy", "2.4")
        self.source.index("numpy", "2.5")
        self.source.index("a", "1", needs=("numpy>=2",))
        self.assertEqual(planned(self.source, "a"), ["numpy-2.4", "a-1"])
        self.assertNotIn("page numpy", self.source.asked)
        self.assertEqual(planned(self.source, "numpy>2.4"), ["numpy-2.5"])
        self.assertEqual(planned(self.source, "numpy", upgrade=True), ["numpy-2.5"])

    def test_requirements_of_the_distributions_wheels_with_markers(self) -> None:
        needs = ("numpy>=2", 'tzdata; sys_platform == "emscripten"', "odd")
        self.source.lock("pandas", "3", depends=("numpy", "libx"), needs=needs)
        self.source.lock("numpy", "2.4")
        self.source.index("tzdata", "2026")
        self.source.locked["libx"] = {"version": "x", "file_name": "libx-x.zip", "depends": [], "sha256": None}
        plan = resolve(self.source, "pandas")
        names = sorted(step.release.name for step in plan.steps)
        self.assertEqual(names, ["libx", "numpy", "pandas", "tzdata"])
        self.assertEqual(plan.notes, ("pandas 3: the distribution does without odd",))

    def test_packages_of_the_distribution_go_together(self) -> None:
        source = MadeUp()
        source.lock("sympy", "1.14", ("mpmath",), needs=("mpmath<1.4",))
        source.lock("mpmath", "1.4.1")
        plan = resolve(source, "sympy")
        self.assertEqual([str(step.release) for step in plan.steps], ["mpmath 1.4.1", "sympy 1.14"])
        self.assertEqual(plan.notes, ("sympy 1.14 needs mpmath<1.4, and the distribution has another version",))
        source.index("mpmath", "1.3.0")
        self.assertEqual(planned(source, "sympy"), ["mpmath-1.3.0", "sympy-1.14"])

    def test_installed_packages_that_lack_what_no_source_has_stay(self) -> None:
        self.source.lock("pandas", "3", needs=("tzdata",))
        self.source.install("pandas", "3", needs=("tzdata",))
        self.source.index("seaborn", "1", needs=("pandas",))
        self.assertEqual(planned(self.source, "seaborn"), ["seaborn-1"])

    def test_names_in_the_distributions_list_that_are_none(self) -> None:
        self.source.lock("a", "1", ("b", "c<3; python_version > '3'", ""))
        self.source.lock("b", "1")
        self.assertEqual(planned(self.source, "a"), ["b-1", "a-1"])

    def test_wheels_in_folders_come_before_the_distribution(self) -> None:
        self.source.lock("a", "2")
        self.source.index("b", "2")
        for name, version in (("a", "1"), ("b", "1")):
            file_name = f"{name}-{version}-py3-none-any.whl"
            self.source.files[f"/data/{file_name}"] = wheel(name, version)
            page = {"name": name, "files": [{"filename": file_name, "url": f"/data/{file_name}"}]}
            self.source.found[name] = page
        self.assertEqual(planned(self.source, "a", "b"), ["a-1", "b-1"])
        self.assertEqual(planned(self.source, "a>1", "b>1"), ["a-2", "b-2"])
        with self.assertRaisesRegex(ResolutionFailed, r"--find-links has a 1"):
            resolve(self.source, "a>2")

    def test_further_versions_of_the_distribution(self) -> None:
        self.source.lock("numpy", "2.4")
        self.source.lock("numpy", "2.3", key="numpy==2.3")
        self.assertEqual(planned(self.source, "numpy"), ["numpy-2.4"])
        self.assertEqual(planned(self.source, "numpy<2.4"), ["numpy-2.3"])
        self.assertIn("package numpy==2.3", self.source.asked)

    def test_extras_of_the_distributions_wheels(self) -> None:
        self.source.lock("pandas", "3", needs=('openpyxl; extra == "excel"',), extras=("excel",))
        self.source.index("openpyxl", "1")
        self.assertEqual(sorted(planned(self.source, "pandas[excel]")), ["openpyxl-1", "pandas-3"])

    def test_index_when_the_distribution_cannot_be_reached(self) -> None:
        self.source.is_distribution_down = True
        for name in ("a", "b"):
            self.source.lock(name, "1")
            self.source.index(name, "2")
        plan = resolve(self.source, "a", "b")
        self.assertEqual([str(step.release) for step in plan.steps], ["a 2", "b 2"])
        self.assertEqual(plan.notes, ("Cannot reach the distribution",))

    def test_distribution_when_the_index_cannot_be_reached(self) -> None:
        self.source.is_index_down = True
        self.source.lock("a", "1")
        self.assertEqual(planned(self.source, "a"), ["a-1"])
        with self.assertRaisesRegex(ResolutionFailed, r"(?s)Cannot install b: .*Cannot reach the index"):
            resolve(self.source, "a", "b", "c")
        self.assertLessEqual(len([it for it in self.source.asked if it.startswith("page")]), 3)

    def test_wheels_whose_metadata_is_not_served_apart(self) -> None:
        self.source.index("a", "1", described_apart=False, needs=("b",))
        self.source.index("b", "1")
        plan = resolve(self.source, "a")
        self.assertEqual([step.content is not None for step in plan.steps], [False, True])

    def test_metadata_that_is_read_out_of_wheels(self) -> None:
        self.source.index("a", "1", described_apart=False)
        self.source.described["https://files.example/a-1-py3-none-any.whl"] = metadata("a", "1", ("b",)).encode()
        self.source.index("b", "1")
        self.assertEqual(planned(self.source, "a"), ["b-1", "a-1"])
        self.assertNotIn("a-1-py3-none-any.whl", self.source.asked)

    def test_everything_is_read_once_and_as_early_as_it_is_known(self) -> None:
        for name in ("b", "c"):
            self.source.index(name, "1", needs=("d",))
        self.source.index("a", "1", needs=("b", "c", "x"))
        self.source.index("d", "1")
        self.source.index("x", "1")
        planned(self.source, "a")
        at_once = [{"page b", "page c", "page x"}, {f"{it}-1-py3-none-any.whl.metadata" for it in "bcx"}]
        self.assertEqual([set(self.source.asked[2:5]), set(self.source.asked[5:8])], at_once)
        self.assertEqual(len(self.source.asked), len(set(self.source.asked)))

    def test_versions_that_may_be_tried_next_are_read_before(self) -> None:
        for index in range(40):
            self.source.index("a", str(index), needs=(f"b=={index}",))
            self.source.index("b", str(index), needs=("c<1",) if index > 5 else ())
        self.source.index("c", "1")
        beginnings = []
        provider = deno_resolver.resolver.Provider
        self.addCleanup(setattr, deno_resolver.resolver, "Provider", provider)
        deno_resolver.resolver.Provider = lambda *args: beginnings.append(args) or provider(*args)
        self.assertEqual(planned(self.source, "a"), ["b-5", "a-5"])
        self.assertLess(len(beginnings), 20)

    def test_files_with_the_hashes_that_are_asked_for(self) -> None:
        self.source.lock("a", "1")
        self.source.index("a", "1", described_apart=False, needs=("b",))
        self.source.index("b", "1")
        content = self.source.files["https://files.example/a-1-py3-none-any.whl"]
        hashes = {"a": frozenset({hashlib.sha256(content).hexdigest()})}
        self.assertEqual(planned(self.source, "a"), ["a-1"])
        self.assertEqual(planned(self.source, "a==1", hashes=hashes), ["b-1", "a-1"])
        with self.assertRaisesRegex(ResolutionFailed, "^Cannot install a: no file of a has a hash that the requirements name"):
            resolve(self.source, "a", hashes={"a": frozenset()})
        self.source.install("a", "1")
        self.assertEqual(planned(self.source, "a", hashes={"a": frozenset()}), [])

    def test_forms_of_packages(self) -> None:
        self.source.index("a", "1")
        self.source.index_sources("a", "1")
        self.source.index_sources("a", "2")
        self.source.index("b", "1", needs=("a",))
        self.source.lock("d", "1")
        self.source.index_sources("d", "1")
        for formats, asked, expected in (
            ({}, "a", "a-2.tar.gz"),
            ({"only_binary": {":all:"}}, "b", "a-1-py3-none-any.whl"),
            ({"only_binary": {"a"}}, "a", "a-1-py3-none-any.whl"),
            ({"only_binary": {"b"}}, "a", "a-2.tar.gz"),
            ({"only_binary": {":all:"}, "no_binary": {"a"}}, "a", "a-2.tar.gz"),
            ({"no_binary": {"a"}}, "a==1", "a-1.tar.gz"),
            ({"no_binary": {":all:"}, "only_binary": {"a"}}, "a", "a-1-py3-none-any.whl"),
            ({"prefer_binary": True}, "b", "a-1-py3-none-any.whl"),
            ({"prefer_binary": True}, "a>1", "a-2.tar.gz"),
            ({"no_binary": {"d"}}, "d", "d-1.tar.gz"),
        ):
            with self.subTest(formats=formats, asked=asked):
                plan = resolve(self.source, asked, formats=Formats(**formats))
                self.assertEqual(plan.steps[0].release.file_name, expected)

    def test_other_version_when_a_file_is_damaged_or_another(self) -> None:
        self.source.index("a", "2", described_apart=False)
        self.source.index("a", "1", described_apart=False)
        self.source.files["https://files.example/a-2-py3-none-any.whl"] = b"other"
        plan = resolve(self.source, "a")
        self.assertEqual([str(step.release) for step in plan.steps], ["a 1"])
        self.assertEqual(plan.notes, ("a-2-py3-none-any.whl is not what its source says (sha256)",))

    def test_other_version_when_a_file_of_a_plan_cannot_be_had(self) -> None:
        for version in ("1", "2"):
            self.source.index("a", version)
        del self.source.files["https://files.example/a-2-py3-none-any.whl"]

        plan = asyncio.run(deno_resolver.Resolution(Question(("a",)), self.source, ENVIRONMENT).obtain())
        self.assertEqual([(str(it.release), it.content) for it in plan.steps], [("a 1", wheel("a", "1"))])
        self.assertEqual(plan.notes, ("There is no https://files.example/a-2-py3-none-any.whl",))

    def test_files_by_address_and_path(self) -> None:
        url = "https://elsewhere.example/a-1-py3-none-any.whl"
        self.source.files[url] = wheel("a", "1", needs=("b",), extras=("x",))
        self.source.files["./dir/c-1-py3-none-any.whl"] = wheel("c", "1")
        self.source.index("b", "1")
        for text in (url, f"{url}#frag", f"a @ {url}", f"a[x] @ {url}", f"{url}[x]"):
            with self.subTest(text):
                self.assertEqual(planned(self.source, text), ["b-1", "a-1"])
        self.assertEqual(planned(self.source, "./dir/c-1-py3-none-any.whl"), ["c-1"])
        for text, pattern in (
            (f"{url}#sha256={'0' * 64}", r"is not what its source says \(sha256\)"),
            (f"b @ {url}", "the file is a wheel of a"),
            ("./none-1-py3-none-any.whl", "There is no"),
            ("./a-1-cp39-cp39-win32.whl", r"it is for another Python or platform \(win32\)"),
            ("./a.whl", "Cannot install ./a.whl: "),
        ):
            with self.subTest(text), self.assertRaisesRegex(ResolutionFailed, pattern):
                resolve(self.source, text)


class SaysTest(unittest.TestCase):
    """resolve() explains a failure."""

    def setUp(self) -> None:
        self.source = MadeUp()

    def reason(self, *requirements: str, **options: Any) -> str:
        """The message of a failed resolution."""
        with self.assertRaises(ResolutionFailed) as caught:
            resolve(self.source, *requirements, **options)
        return str(caught.exception)

    def test_no_such_package(self) -> None:
        self.assertEqual(self.reason("nosuch"), "Cannot install nosuch: no source has such a package")
        self.source.index("a", "1", needs=("nosuch>=2",))
        self.assertEqual(
            self.reason("a"), "Cannot install nosuch>=2: no source has such a package; a 1 needs it"
        )

    def test_what_there_is_instead(self) -> None:
        self.source.lock("a", "1")
        for version in ("2", "3"):
            self.source.index("a", version)
        self.assertEqual(
            self.reason("a>3"), "Cannot install a>3: the distribution has a 1; the index has a 3, 2"
        )

    def test_wheels_for_other_platforms_only(self) -> None:
        self.source.index("a", "1", "cp314-cp314-win32")
        self.source.index("a", "1", "cp314-cp314-macosx_11_0_arm64")
        self.assertEqual(
            self.reason("a"),
            "Cannot install a: a 1 has wheels for other platforms only (macOS and Windows)",
        )

    def test_wheels_for_other_platforms_only_of_what_every_version_needs(self) -> None:
        self.source.index("core", "0")
        for version in ("1", "2"):
            self.source.index("core", version, "cp314-cp314-win32")
            self.source.index("a", version, needs=(f"core=={version}",))
        self.assertEqual(
            self.reason("a"),
            "Cannot install core==2: the index has core 0; core 2 has wheels for other platforms only (Windows); a 2 needs it",
        )

    def test_another_python_for_every_version(self) -> None:
        for version in ("1", "2"):
            self.source.index("a", version, python=">=4")
        self.assertRegex(self.reason("a"), "^Python [0-9.]+ does not satisfy python>=4; a [12] needs it$")

    def test_sources_only(self) -> None:
        self.source.index_sources("a", "1", needs=("b",))
        self.source.index("b", "1")
        plan = resolve(self.source, "a")
        self.assertEqual([str(it.release) for it in plan.steps], ["b 1", "a 1"])
        self.assertIsNotNone(plan.steps[1].source_sha256)

    def test_sources_that_cannot_be_built(self) -> None:
        self.source.index_sources("a", "2", reason="a.c has to be compiled")
        self.source.index_sources("a", "3", reason="a.c has to be compiled")
        said = "index has only sources of a 3, which cannot be built here: a.c has to be compiled"
        self.assertEqual(self.reason("a"), f"Cannot install a: the {said}")
        self.assertEqual(self.source.asked.count("a-2.tar.gz"), 0)
        self.source.index("a", "1")
        plan = resolve(self.source, "a")
        self.assertEqual([str(plan.steps[0].release), *plan.notes], ["a 1", f"The {said}"])

    def test_sources_of_what_is_compiled(self) -> None:
        self.source.index("a", "2", tags="cp314-cp314-win_amd64")
        self.source.index("a", "3.dev1", tags="cp314-cp314-win_amd64")
        self.source.index_sources("a", "1")
        self.assertEqual(self.reason("a"), "Cannot install a: a 2 has wheels for other platforms only (Windows)")

    def test_small_sources_of_what_is_compiled(self) -> None:
        self.source.index("a", "2", tags="cp314-cp314-win_amd64")
        self.source.index_sources("a", "1", size=100)
        self.source.index_sources("a", "2", size=100, needs=("b",))
        for version in ("1", "2"):
            self.source.index("b", version, tags="cp314-cp314-win_amd64")
            self.source.index_sources("b", version, size=100, reason="its code needs b._c, which has to be compiled")
        self.source.index("c", "1", tags="cp314-cp314-win_amd64")
        self.source.index_sources("c", "1", size=2**21)
        self.assertEqual(planned(self.source, "a==1"), ["a-1"])
        self.source.index("d", "2.dev1")
        self.source.index("d", "1", tags="cp314-cp314-win_amd64")
        self.source.index_sources("d", "1", size=100)
        self.assertEqual(planned(self.source, "d"), ["d-1"])
        self.assertEqual(
            self.reason("b"),
            "Cannot install b: b 2 has wheels for other platforms only (Windows); "
            "its sources cannot be built here: its code needs b._c, which has to be compiled",
        )
        self.assertNotIn("b-1.tar.gz", self.source.asked)
        self.assertEqual(self.reason("c"), "Cannot install c: c 1 has wheels for other platforms only (Windows)")
        self.assertEqual(planned(self.source, "a"), ["a-1"])

    def test_very_many_versions_that_need_what_does_not_run_here(self) -> None:
        self.source.index("b", "1", tags="cp314-cp314-win_amd64")
        for number in range(100):
            self.source.index("a", f"1.{number}", needs=("b",))
        self.assertEqual(
            self.reason("a"),
            "Cannot install a: its newest versions, from 1.99 on, need b; b 1 has wheels for other platforms only (Windows)",
        )
        self.assertLess(sum(it.startswith("a-") for it in self.source.asked), 30)
        self.source.index("c", "1", needs=("a",))
        self.assertRegex(self.reason("c"), "^Cannot install c: the newest versions of a, from 1.99 on, need b; b 1 has")
        self.source.index("a", "1.95")
        self.assertEqual(planned(self.source, "a"), ["a-1.95"])

    def test_sources_beside_wheels(self) -> None:
        self.source.index_sources("a", "2")
        self.source.index("a", "2", tags="cp314-cp314-win_amd64")
        self.source.index_sources("a", "1")
        self.source.index("a", "1")
        self.assertEqual(planned(self.source, "a"), ["a-1"])
        self.assertNotIn("a-1.tar.gz", self.source.asked)

    def test_forms_that_leave_nothing(self) -> None:
        self.source.index_sources("a", "1")
        self.source.index("b", "1")
        self.assertEqual(
            self.reason("a", formats=Formats(only_binary=frozenset({":all:"}))),
            "Cannot install a: the index has only sources of a 1, which --only-binary leaves out",
        )
        self.assertEqual(
            self.reason("b", formats=Formats(no_binary=frozenset({"b"}))),
            "Cannot install b: there are no sources of b that can be built here, and --no-binary leaves out its wheels",
        )

    def test_other_python(self) -> None:
        self.source.index("a", "1", page_python=">=3.15")
        self.assertEqual(self.reason("a"), "Cannot install a: a 1 needs Python >=3.15")

    def test_conflicts(self) -> None:
        self.source.index("a", "1", needs=("c<2",))
        self.source.index("b", "1", needs=("c>=2",))
        for version in ("1", "2"):
            self.source.index("c", version)
        self.assertRegex(
            self.reason("a", "b"),
            r"^Cannot install c in versions that fit together: a 1 needs c<2; b 1 needs c>=2\n",
        )
        self.assertRegex(self.reason("c<2", "c>=2"), r"you ask for c<2; you ask for c>=2")

    def test_dead_end_that_versions_were_passed_over_for(self) -> None:
        self.source.index("native", "1", "cp314-cp314-win32")
        for version in ("1", "2", "3"):
            self.source.index("a", version, needs=("native",))
        self.assertEqual(
            self.reason("a"),
            "Cannot install native: native 1 has wheels for other platforms only (Windows); a 3 needs it",
        )
        self.source.index("b", "2", needs=("native",))
        self.source.index("b", "1")
        self.assertEqual(
            resolve(self.source, "b").notes,
            ("Versions that need native were passed over: native 1 has wheels for other platforms only (Windows)",),
        )

    def test_deadline(self) -> None:
        self.source.index("a", "1", needs=("b",))
        self.source.index("b", "1")
        clock = itertools.count().__next__
        resolution = deno_resolver.Resolution(Question(("a",)), self.source, ENVIRONMENT, 2.0, clock)
        with self.assertRaisesRegex(ResolutionFailed, r"^Cannot install a: no versions were found that fit together"):
            asyncio.run(resolution.run())

    def test_very_many_versions(self) -> None:
        for index in range(300):
            self.source.index("a", str(index), needs=("b<1",))
        self.source.index("b", "1")
        self.assertEqual(
            self.reason("a"), "Cannot install a: its newest versions, from 299 on, need b<1; the index has b 1"
        )
        self.assertEqual(self.reason("a==7"), "Cannot install b<1: the index has b 1; a 7 needs it")

    def test_unreadable_requirements(self) -> None:
        for text in ("a b c", "a==", "-r file", "", "a[", "git+https://x/y"):
            with self.subTest(text):
                self.assertRegex(self.reason(text), r"^Cannot read the requirement ")


class EnvironmentTest(unittest.TestCase):
    """Environment."""

    def test_current_interpreter(self) -> None:
        import sys

        environment = Environment.current()
        self.assertEqual(environment.python, sys.version_info[:2])
        self.assertTrue(environment.runs_on(f">={sys.version_info.major}.{sys.version_info.minor}"))
        self.assertTrue(environment.runs_on("nonsense"))
        self.assertFalse(environment.runs_on("<3"))


if __name__ == "__main__":
    unittest.main()
