"""The Python SDK of the protocol of 2025 as a client: python_sdk_1.py URL TOKEN."""

import asyncio
import sys
from datetime import timedelta

from mcp import ClientSession, McpError
from mcp.client.streamable_http import streamablehttp_client
from mcp.types import ElicitResult


async def answer(_context, params):
    return ElicitResult(action="accept", content={"value": f"{params.message}typed"})


async def main(url: str, token: str) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    async with (
        streamablehttp_client(url, headers=headers) as (read, write, _),
        ClientSession(read, write, elicitation_callback=answer) as session,
    ):
        await session.initialize()
        assert "run_code" in [tool.name for tool in (await session.list_tools()).tools]

        async def run(code: str, **options):
            return await session.call_tool("run_code", {"code": code}, **options)

        assert (await run("x = 41\nx + 1")).structuredContent["result"] == "42"
        assert (await run("x")).structuredContent["result"] == "41"
        failed = await run("1 / 0")
        assert failed.isError and failed.structuredContent["error"]["name"] == "ZeroDivisionError"
        assert (await run("input('? ')")).structuredContent["result"] == "'? typed'"
        long = await run("print('z' * 2_000_000)")
        assert not long.structuredContent["complete"]
        told = []

        async def progress(_progress, _total, message):
            told.append(message)

        code = "import time\nfor i in range(5): print(i, flush=True); time.sleep(0.2)"
        await run(code, progress_callback=progress)
        assert told and told[0].startswith("0\n"), told
        try:
            await run("while True: pass", read_timeout_seconds=timedelta(seconds=1))
            raise AssertionError("the client did not give up")
        except McpError:
            pass
        stopped = await session.call_tool("interrupt", {})
        assert stopped.structuredContent["interrupted"] == "interrupted"
        assert (await run("x")).structuredContent["result"] == "41"
        guide = await session.read_resource("guide://python")
        assert "WebAssembly" in guide.contents[0].text
        prompts = await session.list_prompts()
        assert [prompt.name for prompt in prompts.prompts] == ["analyse_file", "fix_run"]


asyncio.run(main(*sys.argv[1:]))
