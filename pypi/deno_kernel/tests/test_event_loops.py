"""Tests of event loops that user code makes, on the real loop inside of Pyodide."""

from __future__ import annotations

import asyncio
import gc
import sys
import unittest
import warnings
from typing import Any


async def answer(value: Any = 42, seconds: float = 0.01) -> Any:
    await asyncio.sleep(seconds)
    return value


async def fails() -> None:
    await asyncio.sleep(0)
    raise KeyError("failed")


@unittest.skipUnless(sys.platform == "emscripten", "needs Pyodide's event loop")
class EventLoops(unittest.TestCase):
    def setUp(self) -> None:
        self.main = asyncio.get_running_loop()

    def tearDown(self) -> None:
        asyncio.set_event_loop(None)
        self.assertIs(asyncio.get_running_loop(), self.main)

    def test_policies_that_code_sets_make_loops_that_run(self) -> None:
        policy = asyncio.events._event_loop_policy  # type: ignore[attr-defined]
        self.addCleanup(setattr, asyncio.events, "_event_loop_policy", policy)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            derived = type("Derived", (asyncio.DefaultEventLoopPolicy,), {})
            for chosen in (None, asyncio.DefaultEventLoopPolicy(), derived()):
                with self.subTest(policy=chosen):
                    asyncio.set_event_loop_policy(chosen)
                    self.assertEqual(asyncio.new_event_loop().run_until_complete(answer(4)), 4)
                    self.assertEqual(asyncio.run(answer(5)), 5)

    def test_libraries_that_let_loops_nest_find_that_these_do(self) -> None:
        """`nest_asyncio.apply` and `nest_asyncio2.apply` refuse a loop that is no `BaseEventLoop` and has no mark."""
        policy: Any = asyncio.events._event_loop_policy  # type: ignore[attr-defined]
        own = type(policy).get_event_loop
        self.addCleanup(setattr, type(policy), "get_event_loop", own)
        type(policy).get_event_loop = lambda self: self._local._loop  # nest_asyncio does this.
        other = asyncio.new_event_loop()
        for loop in (other, self.main):
            asyncio.set_event_loop(loop)
            self.assertTrue(loop._nest_patched)
            self.assertIs(policy.get_event_loop(), loop)
        self.assertTrue(asyncio._nest_patched and asyncio._nest_asyncio2)  # type: ignore[attr-defined]
        self.assertEqual(asyncio.run(answer(4)), 4)

    def test_new_event_loop_runs_to_completion(self) -> None:
        loop = asyncio.new_event_loop()

        async def main() -> Any:
            self.assertIs(asyncio.get_running_loop(), loop)
            self.assertTrue(loop.is_running())
            return await asyncio.gather(answer(1, 0.02), answer(2))

        self.assertEqual(loop.run_until_complete(main()), [1, 2])
        with self.assertRaisesRegex(KeyError, "failed"):
            loop.run_until_complete(fails())
        self.assertFalse(loop.is_running())
        loop.close()
        self.assertTrue(loop.is_closed())
        never = answer()
        with self.assertRaisesRegex(RuntimeError, "Event loop is closed"):
            loop.run_until_complete(never)
        never.close()

    def test_a_loop_that_is_set_is_the_current_one(self) -> None:
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        self.assertEqual(loop.run_until_complete(answer()), 42)
        self.assertEqual(asyncio.run(answer(1)), 1)
        self.assertEqual(asyncio.get_event_loop().run_until_complete(answer(2)), 2)

    def test_runner_runs_inside_of_a_running_loop(self) -> None:
        with asyncio.Runner() as runner:
            self.assertEqual(runner.run(answer(1)), 1)
            left = runner.get_loop().create_task(answer(0, 3600))
            self.assertEqual(runner.run(answer(2)), 2)
            with self.assertRaises(KeyError):
                runner.run(fails())
        self.assertTrue(left.cancelled())
        self.assertEqual(asyncio.run(answer(3), loop_factory=asyncio.new_event_loop), 3)
        self.assertEqual(asyncio.run(answer(4), loop_factory=asyncio.SelectorEventLoop), 4)
        self.assertEqual(asyncio.run(answer(5), loop_factory=asyncio.EventLoop), 5)

    def test_loops_run_inside_of_each_other(self) -> None:
        async def outer() -> Any:
            inner = asyncio.new_event_loop()
            first = inner.run_until_complete(answer(1))
            self.assertIs(asyncio.get_running_loop(), loop)
            with asyncio.Runner() as runner:
                second = runner.run(answer(2))
            return first, second, asyncio.run(answer(3)), await answer(4)

        loop = asyncio.new_event_loop()
        self.assertEqual(loop.run_until_complete(outer()), (1, 2, 3, 4))

    def test_run_forever_runs_until_it_is_stopped(self) -> None:
        loop = asyncio.new_event_loop()
        seen: list[int] = []
        loop.call_later(0.01, seen.append, 1)
        loop.call_later(0.02, loop.stop)
        loop.run_forever()
        self.assertEqual(seen, [1])

    def test_the_main_loop_runs_for_ever_until_it_is_stopped(self) -> None:
        seen: list[int] = []
        self.main.call_later(0.01, seen.append, 1)
        self.main.call_later(0.02, self.main.stop)
        self.main.run_forever()
        self.assertEqual(seen, [1])
        self.main.stop()  # It goes on running.
        self.assertEqual(asyncio.run(answer(2)), 2)

    def test_a_closed_loop_runs_nothing(self) -> None:
        loop = asyncio.new_event_loop()
        seen: list[int] = []
        loop.call_soon(seen.append, 1)
        loop.close()
        asyncio.run(asyncio.sleep(0.01))
        self.assertEqual(seen, [])
        with self.assertRaisesRegex(RuntimeError, "Event loop is closed"):
            loop.call_soon(print)

    def reported(self, main: Any) -> list[BaseException]:
        """Runs a coroutine on a new loop, and returns the exceptions that the loop reports."""
        found: list[BaseException] = []
        loop = asyncio.new_event_loop()
        loop.set_exception_handler(lambda loop, context: found.append(context["exception"]))
        loop.run_until_complete(main)
        gc.collect()
        return found

    def test_an_exception_that_is_handled_later_is_not_reported(self) -> None:
        async def main() -> None:
            task, future = asyncio.create_task(fails()), asyncio.get_running_loop().create_future()
            await asyncio.sleep(0.01)
            future.set_exception(KeyError("later"))
            await asyncio.sleep(0.01)
            for failed in (task, future):
                with self.assertRaises(KeyError):
                    await failed

        self.assertEqual(self.reported(main()), [])

    def test_an_exception_that_nobody_handles_is_reported_once(self) -> None:
        async def main() -> None:
            tasks.append(asyncio.create_task(fails()))
            await asyncio.sleep(0.01)
            tasks.clear()

        tasks: list[Any] = []
        self.assertEqual([str(error) for error in self.reported(main())], ["'failed'"])

    def test_asyncgens_of_a_loop_are_closed(self) -> None:
        closed: list[bool] = []

        async def numbers() -> Any:
            try:
                yield 1
                yield 2
            finally:
                await asyncio.sleep(0)
                closed.append(True)

        async def main() -> None:
            iterator = numbers()
            kept.append(iterator)
            await anext(iterator)

        kept: list[Any] = []
        with asyncio.Runner() as runner:
            runner.run(main())
        self.assertEqual(closed, [True])

    def test_run_refuses_what_is_no_coroutine(self) -> None:
        with self.assertRaisesRegex(ValueError, "a coroutine was expected"):
            asyncio.run(5)  # type: ignore[arg-type]
