"""Tests that output belongs to the cell whose code made it, also after the cell and while others run."""

from __future__ import annotations

import unittest

from .support import KernelCase


class LateOutput(KernelCase):
    def setUp(self) -> None:
        super().setUp()
        self.names["sleep"] = self.kernel.waits.sleep
        self.ok("import asyncio", id="first")

    def test_of_a_task_while_a_later_cell_runs(self) -> None:
        for wait in ("await asyncio.sleep(3)", "sleep(3)"):
            self.platform.owned.clear()
            self.ok("async def tick():\n    await asyncio.sleep(1)\n    print('late')\n    display(1)\n"
                    "task = asyncio.create_task(tick())", id=f"maker of {wait}")  # fmt: skip
            self.ok(f"print('before')\n{wait}\nprint('after')", id=f"later {wait}")
            self.assertEqual(
                self.platform.owned,
                [(f"later {wait}", "before\n"), (f"maker of {wait}", "late\n"), (f"later {wait}", "after\n")],
            )
            self.assertEqual(self.events("display_data")[-1]["executionId"], f"maker of {wait}")

    def test_of_a_timer_between_cells(self) -> None:
        self.ok("_ = asyncio.get_running_loop().call_later(1, print, 'late')", id="maker")
        self.ok("pass", id="later")
        self.loop.run_until(lambda: bool(self.platform.owned))
        self.assertEqual(self.platform.owned, [("maker", "late\n")])

    def test_of_a_task_that_waits_inside_synchronous_code(self) -> None:
        self.ok("async def tick():\n    sleep(2)\n    print('late')\ntask = asyncio.create_task(tick())", id="maker")
        self.ok("for i in range(4):\n    print(i)\n    sleep(1)", id="later")
        owners = {text: owner for owner, text in self.platform.owned}
        self.assertEqual(owners, {"late\n": "maker", **{f"{i}\n": "later" for i in range(4)}})

    def test_of_a_line_without_an_end(self) -> None:
        self.ok("async def tick():\n    await asyncio.sleep(1)\n    print('late', end='')\ntask = asyncio.create_task(tick())", id="maker")
        self.ok("print('a', end='')\nawait asyncio.sleep(2)\nprint('b', end='')", id="later")
        self.assertEqual(self.platform.owned, [("later", "a"), ("maker", "late"), ("later", "b")])

    def test_of_a_task_that_another_task_makes(self) -> None:
        self.ok("async def inner():\n    print('inner')\nasync def outer():\n    await asyncio.sleep(1)\n"
                "    await asyncio.create_task(inner())\ntask = asyncio.create_task(outer())", id="maker")  # fmt: skip
        self.ok("await asyncio.sleep(2)", id="later")
        self.assertEqual(self.platform.owned, [("maker", "inner\n")])


if __name__ == "__main__":
    unittest.main()
