"""Aar's web transport, as far as approvals go, in one process that is driven by lines of JSON.

What is like Aar: the app is ASGI and reads {prompt, session_id?, safety?}; a request has a permission
manager of its own, which remembers "always" by the name of the tool; only tools that write or execute are
asked about; "safety" overrides the server's settings; the calls of a turn run at once; a failure in
the callback ends the run. Here the prompt is the list of tool calls that the model would make.

    {"request": 1, "turns": [[{"tool_name": "bash", "tool_call_id": "c1", "arguments": {}}]]}
    {"cancel": 1}

Each request is answered by one line, when it is over.
"""

import asyncio
import json
import os
import sys
from dataclasses import dataclass, field
from enum import Enum

from approval_hub import ApprovalHub, Sessions


class ApprovalResult(str, Enum):
    APPROVED = "approved"
    DENIED = "denied"
    APPROVED_ALWAYS = "approved_always"


class SideEffect(str, Enum):
    READ = "read"
    WRITE = "write"
    EXECUTE = "execute"
    EXTERNAL = "external"


@dataclass
class ToolSpec:
    name: str
    side_effects: list
    description: str = ""
    input_schema: dict = field(default_factory=dict)
    requires_approval: bool = False


@dataclass
class ToolCall:
    id: str
    tool_name: str
    tool_call_id: str
    arguments: dict


TOOLS = {
    "bash": ToolSpec("bash", [SideEffect.EXECUTE]),
    "write_file": ToolSpec("write_file", [SideEffect.WRITE]),
    "read_file": ToolSpec("read_file", [SideEffect.READ]),
    "mcp_delete": ToolSpec("mcp_delete", [SideEffect.EXTERNAL]),
}


class Run:
    def __init__(self, callback, safety):
        self.callback = callback
        self.safety = {"require_approval_for_writes": True, "require_approval_for_execute": True, **safety}
        self.always = set()

    async def turn(self, calls):
        return await asyncio.gather(*(self.execute(call) for call in calls))

    async def execute(self, call):
        tool = TOOLS[call.tool_name]
        if self.asks(tool) and not await self.permitted(tool, call):
            return self.result(call, "Error [denied]: tool call denied by user", True)
        return self.result(call, f"ran {json.dumps(call.arguments)}", False)

    def asks(self, tool):
        return (SideEffect.WRITE in tool.side_effects and self.safety["require_approval_for_writes"]) or (
            SideEffect.EXECUTE in tool.side_effects and self.safety["require_approval_for_execute"]
        )

    async def permitted(self, tool, call):
        if tool.name in self.always:
            return True
        result = await self.callback(tool, call)
        if result == ApprovalResult.APPROVED_ALWAYS:
            self.always.add(tool.name)
        return result in (ApprovalResult.APPROVED, ApprovalResult.APPROVED_ALWAYS)

    def result(self, call, output, is_error):
        return {"tool_call_id": call.tool_call_id, "output": output, "is_error": is_error}


def create_asgi_app(callback):
    async def app(scope, receive, send):
        data = json.loads((await receive())["body"])
        run = Run(callback, data.get("safety") or {})
        results = []
        for number, turn in enumerate(json.loads(data["prompt"])):
            calls = [ToolCall(id=f"event-{number}", **call) for call in turn]
            results += await asyncio.create_task(run.turn(calls))
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": json.dumps(results).encode()})

    return app


def allowed(tool, arguments):
    return "rm" not in json.dumps(arguments)


async def chat(app, command):
    body = {"prompt": json.dumps(command["turns"])}
    body.update({name: command[name] for name in ("session_id", "safety") if name in command})
    parts = [json.dumps(body).encode()]
    sent = []

    async def receive():
        return {"type": "http.request", "body": parts.pop(), "more_body": False}

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/chat", "headers": []}
    try:
        await app(scope, receive, send)
        results = json.loads(sent[-1]["body"])
    except asyncio.CancelledError:
        results = "cancelled"
    print(json.dumps({"request": command["request"], "results": results}), flush=True)


async def main():
    options = json.loads(os.environ["OPTIONS"])
    if options.pop("edits", False):
        options["allowed"] = allowed
    callback = ApprovalHub(os.environ["HUB"], os.environ["KEY"], result=ApprovalResult, **options)
    app = Sessions(create_asgi_app(callback))
    running = {}
    while line := await asyncio.to_thread(sys.stdin.readline):
        command = json.loads(line)
        if "cancel" in command:
            running[command["cancel"]].cancel()
        else:
            running[command["request"]] = asyncio.create_task(chat(app, command))


asyncio.run(main())
