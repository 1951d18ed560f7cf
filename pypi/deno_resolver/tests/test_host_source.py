"""Tests of the source of a kernel."""

from __future__ import annotations

import asyncio
import json
import os
import tempfile
import unittest
from typing import Any

from .support import ENVIRONMENT, wheel

import deno_resolver
from deno_resolver import FileUnavailable, HostSource, Question, SourceUnreachable

INDEX = "https://index.example/simple"
PAGE = {"name": "a", "files": []}


class HostSourceTest(unittest.TestCase):
    """HostSource."""

    def setUp(self) -> None:
        packages = {"lock": {"packages": {}}, "indexUrl": INDEX}
        self.answers: dict[str, Any] = {"packages:list": (200, json.dumps(packages).encode())}

    async def get(self, url: str) -> tuple[int, bytes]:
        answer = self.answers.get(url, (404, b""))
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def open(self) -> HostSource:
        return await HostSource.open(self.get)

    def test_page(self) -> None:
        async def page(answer: Any) -> Any:
            self.answers[f"{INDEX}/a/"] = answer
            return await (await self.open()).page("a")

        self.assertEqual(asyncio.run(page((200, json.dumps(PAGE).encode()))), PAGE)
        self.assertIsNone(asyncio.run(page((404, b""))))
        with self.assertRaisesRegex(FileUnavailable, '^The package "a" is not allowed$'):
            asyncio.run(page(OSError('KernelError: The package "a" is not allowed')))
        with self.assertRaisesRegex(SourceUnreachable, "^Cannot reach https://index.example$"):
            asyncio.run(page(OSError("TypeError: Cannot reach https://index.example")))
        for status in (401, 403, 502):
            with self.assertRaisesRegex(SourceUnreachable, f"status {status}"):
                asyncio.run(page((status, b"")))

    def test_files(self) -> None:
        self.answers["packages:file/a"] = (200, b"a")
        self.answers["https://x/1"] = OSError("KernelError: it is larger than 1 bytes")
        self.answers["https://x/2"] = OSError("KernelError: Cannot reach https://x")
        with tempfile.TemporaryDirectory() as directory:
            path = os.path.join(directory, "file")
            with open(path, "wb") as file:
                file.write(b"here")

            async def run() -> list[bytes]:
                source = await self.open()
                for address, failure in (
                    ("https://x/1", FileUnavailable),
                    ("https://x/2", SourceUnreachable),
                    ("https://x/3", FileUnavailable),
                ):
                    with self.assertRaises(failure):
                        await source.fetch(address)
                with self.assertRaisesRegex(FileUnavailable, "^Cannot read /nowhere/x: No such file"):
                    await source.read("/nowhere/x")
                return [await source.package("a"), await source.read(path), await source.read(f"emfs:{path}")]

            self.assertEqual(asyncio.run(run()), [b"a", b"here", b"here"])

    def test_resolution_without_an_index(self) -> None:
        packages = {"lock": {"packages": {}}, "indexUrl": None}
        self.answers["packages:list"] = (200, json.dumps(packages).encode())

        async def run() -> Any:
            return await deno_resolver.resolve(Question(("nosuch-package",)), await self.open(), ENVIRONMENT)

        with self.assertRaisesRegex(deno_resolver.ResolutionFailed, "no source has such a package"):
            asyncio.run(run())

    def test_installed_packages(self) -> None:
        import sys
        import zipfile
        import io

        with tempfile.TemporaryDirectory() as directory:
            zipfile.ZipFile(io.BytesIO(wheel("Some.Name", "1.5"))).extractall(directory)
            sys.path.insert(0, directory)
            self.addCleanup(sys.path.remove, directory)
            self.assertEqual(deno_resolver.installed_packages()["some-name"].version, "1.5")


if __name__ == "__main__":
    unittest.main()
