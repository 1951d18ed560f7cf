from __future__ import annotations

import asyncio
import signal
from typing import Any

from deno_kernel.waiting.timers import TimerHandle

from .support import KernelCase

STRIKE = "import signal; signal.raise_signal(signal.SIGINT)"


class Sleeping(KernelCase):
    def setUp(self) -> None:
        super().setUp()
        self.names["sleep"] = self.kernel.waits.sleep
        self.names["run_sync"] = self.kernel.waits.wait

    def test_sleep_lets_the_loop_run(self) -> None:
        self.ok("import asyncio\nseen = []\nasync def bg():\n    await asyncio.sleep(2)\n    seen.append('bg')\nt = asyncio.create_task(bg())\nsleep(5)\nseen.append('cell')")
        self.assertEqual(self.names["seen"], ["bg", "cell"])
        self.assertEqual(self.loop.now, 1005.0)

    def test_sleep_flushes_first(self) -> None:
        self.platform.on_event = lambda event: None
        self.ok("print('x', end='')\nimport asyncio\nsleep(1)\ndisplay(1)")
        kinds = [event["type"] for event in self.events()]
        self.assertLess(kinds.index("stdout"), kinds.index("display_data"))

    def test_sleep_refuses_what_is_no_time(self) -> None:
        self.fails("sleep(-1)", "ValueError")
        self.fails("sleep(float('nan'))", "ValueError")
        self.fails("sleep(float('inf'))", "OverflowError")
        self.fails("sleep('a')", "TypeError")

    def test_run_sync_gives_result_and_error(self) -> None:
        self.assertEqual(self.ok("import asyncio\nrun_sync(asyncio.sleep(1, 'r'))"), "'r'")
        self.fails("async def f(): 1/0\nrun_sync(f())", "ZeroDivisionError")
        self.fails("run_sync(5)", "TypeError")


class PhaseOne(KernelCase):
    def setUp(self) -> None:
        super().setUp()
        self.names["sleep"] = self.kernel.waits.sleep
        self.names["run_sync"] = self.kernel.waits.wait
        self.names["soon"] = lambda: self.loop.call_later(1, self.strike)
        self.delivered: list[bool] = []
        self.target = "x"

    def strike(self) -> None:
        self.delivered.append(self.call("interrupt", executionId=self.target)["delivered"])

    def interrupted(self, code: str) -> list[str]:
        self.delivered.clear()
        error = self.fails(f"import asyncio; soon()\n{code}", "KeyboardInterrupt", id="x")
        self.assertEqual(self.delivered, [True])
        self.clear()
        self.assertEqual(self.ok("'alive'"), "'alive'")
        self.clear()
        return error["traceback"]

    def test_every_kind_of_wait(self) -> None:
        for code in [
            "sleep(100)",
            "run_sync(asyncio.sleep(100))",
            "await asyncio.sleep(100)",
            "await asyncio.gather(asyncio.sleep(100), asyncio.sleep(200))",
            "await asyncio.sleep(0)\nsleep(100)",
            "async def f():\n    sleep(100)\nrun_sync(f())",
            "async def f():\n    run_sync(asyncio.sleep(100))\nawait f()",
            "async def f():\n    await asyncio.sleep(100)\nawait asyncio.create_task(f())",
            "async with asyncio.TaskGroup() as g:\n    g.create_task(asyncio.sleep(100))",
            "await asyncio.wait_for(asyncio.sleep(100), 50)",
            "await asyncio.get_running_loop().create_future()",
        ]:
            with self.subTest(code=code):
                self.interrupted(code)

    def test_traceback_shows_the_waiting_line_and_none_of_ours(self) -> None:
        text = "\n".join(self.interrupted("sleep(100)"))
        self.assertIn("sleep(100)", text)
        self.assertNotIn("waits.py", text)

    def test_the_exception_that_is_handled_is_shown_too(self) -> None:
        text = "\n".join(self.interrupted("try:\n    {}['key']\nexcept KeyError:\n    sleep(100)"))
        self.assertIn("During handling of the above exception", text)
        self.assertNotIn("CancelledError", text)

    def test_finally_runs_and_except_can_swallow(self) -> None:
        self.assertEqual(self.ok("soon()\ntry:\n    sleep(100)\nexcept KeyboardInterrupt:\n    r = 'caught'\nr", id="x"), "'caught'")
        self.assertEqual(self.delivered, [True])

    def test_swallowed_cancellation_is_success(self) -> None:
        code = "import asyncio; soon()\ntry:\n    await asyncio.sleep(100)\nexcept asyncio.CancelledError:\n    r = 'kept'\nr"
        self.assertEqual(self.ok(code, id="x"), "'kept'")

    def test_not_delivered_when_nothing_waits_or_runs(self) -> None:
        self.assertEqual(self.call("interrupt", executionId="nobody"), {"delivered": False})
        self.ok("1", id="x")
        self.assertEqual(self.call("interrupt", executionId="x"), {"delivered": False})
        self.names["strike"] = self.strike
        self.ok("strike()", id="y")  # It runs, and does not wait.
        self.assertEqual(self.delivered, [False])
        self.target = "z"
        self.ok("strike()", id="z")
        self.assertEqual(self.delivered, [False, False])

    def test_wait_that_is_over_ends_with_it_as_well(self) -> None:
        future = self.loop.create_future()
        self.names["future"] = future

        def end_and_strike() -> None:
            future.set_result("over")
            self.strike()

        self.loop.call_later(1, end_and_strike)
        self.fails("run_sync(future)", "KeyboardInterrupt", id="x")
        self.assertEqual(self.delivered, [True])
        self.assertEqual(self.ok("'alive'"), "'alive'")

    def test_background_task_of_the_same_cell_sleeps_on(self) -> None:
        self.interrupted("done = []\nasync def bg():\n    sleep(5)\n    done.append(1)\nt = asyncio.create_task(bg())\nsleep(100)")
        self.ok("await asyncio.sleep(10)")
        self.assertEqual(self.names["done"], [1])

    def test_before_the_first_step(self) -> None:
        name = self.start("await 5", id="x")
        self.assertEqual(self.call("interrupt", executionId="x"), {"delivered": True})
        self.assertEqual(self.finish(name)["error"]["ename"], "KeyboardInterrupt")

    def test_innermost_wait_is_the_one_that_ends(self) -> None:
        code = (
            "soon()\nimport asyncio\nasync def inner():\n    try:\n        sleep(100)\n    except KeyboardInterrupt:\n        return 'inner'\n"
            "run_sync(inner())"
        )
        self.assertEqual(self.ok(code, id="x"), "'inner'")


class PhaseTwo(KernelCase):
    def setUp(self) -> None:
        super().setUp()
        self.assertIs(signal.getsignal(signal.SIGINT), signal.default_int_handler)

    def test_user_code_is_struck(self) -> None:
        error = self.fails(f"x = 1\n{STRIKE}\nx = 2", "KeyboardInterrupt")
        self.assertIn("raise_signal", "\n".join(error["traceback"]))
        self.assertEqual(self.ok("x"), "1")

    def test_after_an_await_too(self) -> None:
        self.fails(f"import asyncio\nawait asyncio.sleep(1)\n{STRIKE}", "KeyboardInterrupt")
        self.assertEqual(self.ok("1"), "1")

    def test_awaited_task_is_struck(self) -> None:
        self.fails(f"import asyncio\nasync def f():\n    {STRIKE}\nawait asyncio.create_task(f())", "KeyboardInterrupt")
        self.assertEqual(self.ok("1"), "1")

    def test_repr_is_struck(self) -> None:
        self.fails(f"class A:\n    def __repr__(self):\n        {STRIKE}\n        return 'never'\nA()", "KeyboardInterrupt")
        self.assertEqual(self.ok("1"), "1")

    def test_str_of_an_exception_is_struck(self) -> None:
        reply = self.run_cell(f"class E(Exception):\n    def __str__(self):\n        {STRIKE}\nraise E")
        self.assertEqual(reply["error"]["ename"], "E")
        self.assertEqual(self.ok("1"), "1")

    def test_emitting_is_not_struck_but_the_code_after_it(self) -> None:
        armed = [True]

        def strike(event: dict) -> None:
            if event["type"] == "display_data" and armed.pop():
                signal.raise_signal(signal.SIGINT)
                armed.append(False)

        self.platform.on_event = strike
        self.fails("seen = 0\ndisplay('shown')\nseen = 1", "KeyboardInterrupt")
        self.assertEqual(self.names["seen"], 0)
        self.assertEqual(len(self.events("display_data")), 1)

    def test_signal_between_cells_is_forgotten(self) -> None:
        signal.raise_signal(signal.SIGINT)
        self.assertEqual(self.ok("1"), "1")

    def strike_at(self, event_type: str) -> None:
        def strike(event: dict) -> None:
            if event["type"] == event_type:
                signal.raise_signal(signal.SIGINT)

        self.platform.on_event = strike

    def test_signal_during_reply_is_forgotten(self) -> None:
        self.strike_at("execute_reply")
        self.ok("print()")
        self.platform.on_event = lambda event: None
        self.assertEqual(self.ok("1"), "1")

    def test_signal_before_the_first_statement_strikes_it(self) -> None:
        self.strike_at("execute_input")
        for code in ["begun = True", "begun = True; await 5"]:
            with self.subTest(code=code):
                self.fails(code, "KeyboardInterrupt")
                self.assertNotIn("begun", self.names)

    def strike_on_the_way_into_a_wait(self) -> None:
        wait = self.platform.wait

        def struck(awaitable: Any) -> Any:
            signal.raise_signal(signal.SIGINT)
            return wait(awaitable)

        self.platform.wait = struck  # type: ignore[method-assign]

    def test_signal_on_the_way_into_a_wait_ends_it(self) -> None:
        self.names["sleep"] = self.kernel.waits.sleep
        self.strike_on_the_way_into_a_wait()
        delivered = []
        self.loop.call_later(1, lambda: delivered.append(self.call("interruptNoted", executionId="x")))
        self.fails("sleep(100)", "KeyboardInterrupt", id="x")
        self.assertEqual((delivered, self.loop.now), ([{"delivered": True}], 1001.0))

    def test_nothing_was_noted(self) -> None:
        self.names["sleep"] = self.kernel.waits.sleep
        delivered = []
        self.loop.call_later(1, lambda: delivered.append(self.call("interruptNoted", executionId="x")))
        self.ok("sleep(100)", id="x")
        self.assertEqual(delivered, [{"delivered": False}])

    def test_comm_handler_is_struck_and_reported(self) -> None:
        self.ok(f"def f(comm, msg):\n    {STRIKE}\nget_ipython().kernel.comm_manager.register_target('t', f)")
        self.assertEqual(self.call("commOpen", commId="c", targetName="t", data={}), {})
        self.assertIn("KeyboardInterrupt", self.printed("stderr"))
        self.assertFalse(self.kernel.interrupts.user_code)

    def test_user_may_replace_the_handler(self) -> None:
        self.ok(f"import signal\nhits = []\nsignal.signal(signal.SIGINT, lambda *a: hits.append(1))\n{STRIKE}")
        self.assertEqual(self.names["hits"], [1])


class OwnHandler(KernelCase):
    """An `OwnHandler` test has a handler of SIGINT that the user has set."""

    def setUp(self) -> None:
        super().setUp()
        self.names["sleep"] = self.kernel.waits.sleep
        self.names["soon"] = self.strike_soon
        self.ok("import asyncio, signal\nhits = []\nbefore = signal.signal(signal.SIGINT, lambda *a: hits.append(1))")

    def strike_soon(self, execution_id: str = "x") -> None:
        self.loop.call_later(1, lambda: self.call("interrupt", executionId=execution_id))

    def test_is_called_and_the_wait_goes_on(self) -> None:
        for wait in ("sleep(5)", "await asyncio.sleep(5)"):
            self.names["hits"].clear()
            self.ok(f"soon({wait!r})\n{wait}\nhits.append('slept')", id=wait)
            self.assertEqual(self.names["hits"], [1, "slept"], wait)

    def test_ends_the_wait_by_what_it_raises(self) -> None:
        self.ok("def handler(signum, frame):\n    raise TimeoutError('enough')\n_ = signal.signal(signal.SIGINT, handler)")
        for code in ("soon('a')\nsleep(5)", "soon('b')\nawait asyncio.sleep(5)", STRIKE):
            error = self.fails(code, "TimeoutError", id=code[6:7])
            self.assertEqual(error["evalue"], "enough", code)
            self.assertIn("handler", "\n".join(error["traceback"]), code)

    def test_prints_into_the_cell(self) -> None:
        self.ok("def handler(signum, frame):\n    global seen\n    seen = get_ipython() is not None\n    display('stop')\n_ = signal.signal(signal.SIGINT, handler)")
        self.ok("soon()\nsleep(5)", id="x")
        shown = [event for event in self.platform.log if event["type"] == "display_data"]
        self.assertEqual([event["executionId"] for event in shown], ["x"])

    def test_may_be_none(self) -> None:
        self.ok("_ = signal.signal(signal.SIGINT, signal.SIG_IGN)")
        self.ok("soon()\nsleep(5)", id="x")
        self.ok(STRIKE)

    def test_is_what_getsignal_returns(self) -> None:
        self.assertEqual(self.ok("signal.getsignal(signal.SIGINT)(); hits"), "[1]")
        self.assertEqual(self.ok("signal.getsignal(signal.SIGTERM) == signal.SIG_DFL"), "True")

    def test_gives_way_to_the_one_before(self) -> None:
        for former in ("before", "signal.default_int_handler", "signal.SIG_DFL"):
            self.ok(f"_ = signal.signal(signal.SIGINT, {former})")
            self.fails(f"soon({former!r})\nsleep(5)", "KeyboardInterrupt", id=former)
            self.fails(STRIKE, "KeyboardInterrupt")
        self.assertEqual(self.names["hits"], [])

    def test_has_to_be_callable(self) -> None:
        self.fails("signal.signal(signal.SIGINT, 'x')", "TypeError")
        self.fails("signal.signal(99, print)", "ValueError")


class Timers(KernelCase):
    def test_registry_lists_and_forgets(self) -> None:
        timers = self.kernel.timers
        ran: list[str] = []
        late = self.loop.call_later(5, ran.append, "late")
        early = self.loop.call_later(1, ran.append, "early")
        self.assertEqual([timer.handle for timer in timers.pending()], [early, late])
        self.assertEqual([timer.due for timer in timers.pending()], [1001.0, 1005.0])
        late.cancel()
        self.assertEqual(len(timers), 1)
        self.loop.run_until(lambda: bool(ran))
        self.assertEqual((ran, len(timers)), (["early"], 0))

    def test_equal_handles_are_two_entries(self) -> None:
        first, second = (TimerHandle(5.0, print, (), self.loop) for _ in range(2))
        self.assertEqual(first, second)
        self.assertNotEqual(self.kernel.timers.add(first), self.kernel.timers.add(second))
        self.assertTrue(self.kernel.timers.discard(first))
        self.assertFalse(self.kernel.timers.discard(first))
        self.assertEqual(len(self.kernel.timers), 1)

    def test_take_answers_each_handle_once(self) -> None:
        handle = TimerHandle(5.0, print, (), self.loop)
        timer_id = self.kernel.timers.add(handle)
        self.assertIs(self.kernel.timers.take(timer_id), handle)
        self.assertIsNone(self.kernel.timers.take(timer_id))

    def test_unknown_handle(self) -> None:
        self.assertFalse(self.kernel.timers.discard(asyncio.Handle(print, (), self.loop)))
