"""The Python SDK of the protocol of 2026, and fastmcp, as clients: python_sdk_2.py URL TOKEN."""

import asyncio
import sys

import fastmcp
import httpx2
from fastmcp.client.transports import StreamableHttpTransport
from mcp import Client
from mcp.client.streamable_http import streamable_http_client


async def sdk(url: str, headers: dict[str, str]) -> None:
    async with httpx2.AsyncClient(headers=headers, timeout=60) as http:
        async with Client(streamable_http_client(url, http_client=http)) as client:

            async def run(code: str, **arguments):
                return await client.call_tool("run_code", {"code": code, **arguments})

            first = (await run("x = 41\nx + 1")).structured_content
            assert first["result"] == "42"
            session = first["session"]
            second = await run("x", session=session)
            assert second.structured_content["result"] == "41"
            failed = await run("1 / 0", session=session)
            assert failed.is_error and failed.structured_content["error"]["name"] == "ZeroDivisionError"
            long = await run("print('z' * 2_000_000)", session=session)
            assert not long.structured_content["complete"]


async def other(url: str, headers: dict[str, str]) -> None:
    async with fastmcp.Client(StreamableHttpTransport(url, headers=headers)) as client:
        first = await client.call_tool("run_code", {"code": "x = 41\nx + 1"})
        assert first.data.result == "42"
        session = first.data.session
        second = await client.call_tool("run_code", {"code": "x", "session": session})
        assert second.data.result == "41"
        try:
            await client.call_tool("run_code", {"code": "1 / 0", "session": session})
            raise AssertionError("the error was not told")
        except fastmcp.exceptions.ToolError as error:
            assert "ZeroDivisionError" in str(error)


async def main(url: str, token: str) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    await sdk(url, headers)
    await other(url, headers)


asyncio.run(main(*sys.argv[1:]))
