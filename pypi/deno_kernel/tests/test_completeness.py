from __future__ import annotations

from .support import KernelCase


class IsComplete(KernelCase):
    def check(self, code: str, status: str, indent: str = "") -> None:
        with self.subTest(code=code):
            self.assertEqual(self.call("isComplete", code=code), {"status": status, "indent": indent})

    def test_complete(self) -> None:
        for code in ["", "1 + 1", "a = 1", "a = 1\nb = 2", "for x in y:\n    print(x)\n", "def f():\n    return 1\n\n", "# only a comment",
                     "%time x", "!ls", "x = %pwd", "f?", "await f()", "async with a as b:\n    pass\n", "'''a\nb'''", "(1,\n2)",
                     "1\\\n+ 2", "%%time\nx\n"]:  # fmt: skip
            self.check(code, "complete")

    def test_incomplete(self) -> None:
        for code, indent in [("for x in y:", "    "), ("for x in y:\n    if x:", "        "), ("def f():\n    x = 1", "    "), ("a = [1,\n2,", ""),
                             ("f(", ""), ("x = '''abc", ""), ("if a:\n    b = (1,", "    "), ("%%time", ""), ("%%time\nx = 1", ""), ("a + \\", ""),
                             ("def f():\n    return 1", ""), ("class A:\n    def f(self):\n        pass", "    "), ("try:\n    x", "    "),
                             ("@decorator", ""), ("async def f():", "    "), ("while True: # forever", "    "),
                             ("for x in y:\n    %time x", "    "), ("{'a': 1,\n", "")]:  # fmt: skip
            self.check(code, "incomplete", indent)

    def test_invalid(self) -> None:
        for code in ["raise = 2", "1 = x", "x = 'abc", "a b", "def f(:", ")", "(]", "return 1", "for x in y:\nz", "a = 5 +\nb"]:
            self.check(code, "invalid")
