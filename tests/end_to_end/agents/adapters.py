"""Agent frameworks whose models are scripted: a small data analysis. adapters.py URL TOKEN."""

import asyncio
import sys

from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessage, ToolMessage
from langchain_mcp_adapters.client import MultiServerMCPClient
from langchain_mcp_adapters.tools import load_mcp_tools
from pydantic_ai import Agent
from pydantic_ai.mcp import MCPToolset
from pydantic_ai.messages import ModelResponse, TextPart, ToolCallPart, ToolReturnPart
from pydantic_ai.models.function import FunctionModel

DATA = "city,celsius\nOslo,4\nRome,16\nCairo,28\n"
LOAD = "import csv\nrows = list(csv.DictReader(open('data.csv')))\nprint(len(rows), 'rows')"
MEAN = "sum(float(row['celsius']) for row in rows) / len(rows)"
STEPS = [
    {"code": LOAD, "session": "SESSION", "files": [{"path": "data.csv", "text": DATA}]},
    {"code": MEAN, "session": "SESSION"},
]


def steps(session: str) -> list[dict]:
    return [{**step, "session": session} for step in STEPS]


async def langchain(url: str, headers: dict[str, str]) -> None:
    server = {"transport": "streamable_http", "url": url, "headers": headers}
    client = MultiServerMCPClient({"python": server})
    async with client.session("python") as session:
        tools = {tool.name: tool for tool in await load_mcp_tools(session)}
        script = [
            AIMessage("", tool_calls=[{"name": "run_code", "args": step, "id": str(number)}])
            for number, step in enumerate(steps("langchain"))
        ]
        model = GenericFakeChatModel(messages=iter([*script, AIMessage("The mean is 16.")]))
        messages = []
        while (message := await model.ainvoke(messages)).tool_calls:
            messages.append(message)
            for call in message.tool_calls:
                answer = await tools[call["name"]].ainvoke({**call, "type": "tool_call"})
                assert isinstance(answer, ToolMessage)
                messages.append(answer)
        assert "3 rows" in str(messages[1].content)
        assert "16.0" in str(messages[3].content), messages[3]


async def pydantic_ai(url: str, headers: dict[str, str]) -> None:
    answers = []

    def model(messages, _info):
        answers[:] = [
            part for message in messages for part in message.parts if isinstance(part, ToolReturnPart)
        ]
        script = steps("pydantic-ai")
        if len(answers) < len(script):
            return ModelResponse(parts=[ToolCallPart("run_code", script[len(answers)])])
        return ModelResponse(parts=[TextPart("The mean is 16.")])

    agent = Agent(FunctionModel(model), toolsets=[MCPToolset(url, headers=headers)])
    async with agent:
        result = await agent.run("What is the mean temperature?")
    assert result.output == "The mean is 16."
    assert "16.0" in str(answers[-1].content), answers


async def main(url: str, token: str) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    await langchain(url, headers)
    await pydantic_ai(url, headers)


asyncio.run(main(*sys.argv[1:]))
