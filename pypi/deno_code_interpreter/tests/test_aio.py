from __future__ import annotations

import asyncio
import unittest

from deno_code_interpreter import AsyncCodeInterpreter

from .support import server_url


def setUpModule() -> None:
    server_url()  # The server starts before there is an event loop that would wait for it.


class AsyncCodeInterpreterTest(unittest.IsolatedAsyncioTestCase):
    async def test_run_calls_coroutine_functions_in_the_loop(self) -> None:
        seen: list[str] = []
        loop = asyncio.get_running_loop()

        async def hear(text: str) -> None:
            self.assertIs(asyncio.get_running_loop(), loop)
            seen.append(text)

        async def answer(prompt: str, password: bool) -> str:
            return prompt + "!"

        async with AsyncCodeInterpreter(server_url()) as interpreter:
            execution = await interpreter.run("print(1)\ninput('a')", on_stdout=hear, on_input=answer)
            self.assertEqual((execution.text, "".join(seen)), ("'a!'", "1\n"))
            await interpreter.files.write("a.txt", "text")
            self.assertEqual(await interpreter.files.read("a.txt"), b"text")
            self.assertEqual([it["name"] for it in await interpreter.files.list()], ["a.txt"])

    async def test_run_interrupts_the_code_when_its_task_is_cancelled(self) -> None:
        async with AsyncCodeInterpreter(server_url()) as interpreter:
            started = asyncio.Event()
            running = asyncio.create_task(
                interpreter.run("print(1)\nwhile True: pass", on_stdout=lambda text: started.set())
            )
            await started.wait()
            running.cancel()
            with self.assertRaises(asyncio.CancelledError):
                await running
            self.assertEqual((await interpreter.run("2")).text, "2")

    async def test_interrupt_gets_through_while_many_runs_wait(self) -> None:
        async with AsyncCodeInterpreter(server_url()) as interpreter:
            started = asyncio.Event()
            first = asyncio.create_task(
                interpreter.run("print(1)\nwhile True: pass", on_stdout=lambda text: started.set())
            )
            await started.wait()
            others = [asyncio.create_task(interpreter.run(str(number))) for number in range(40)]
            await interpreter.interrupt()
            self.assertEqual((await first).error["ename"], "KeyboardInterrupt")
            ended = await asyncio.gather(*others)
            self.assertEqual({it.status for it in ended} - {"ok", "aborted"}, set())
