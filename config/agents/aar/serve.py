"""Starts Aar's web transport with every question going to Approval Hub.

    APPROVAL_HUB_KEY=... python serve.py
"""

import os
from pathlib import Path

import jsonschema
import uvicorn
from agent.core.config import AgentConfig, load_config
from agent.safety.permissions import ApprovalResult
from agent.safety.policy import PolicyDecision
from agent.tools.execution import ToolExecutor
from agent.tools.registry import ToolRegistry
from agent.transports.web import create_asgi_app

from approval_hub import ApprovalHub, Sessions

file = Path.home() / ".aar" / "config.json"
config = load_config(file) if file.is_file() else AgentConfig()
policy = ToolExecutor(ToolRegistry(), config.tools, config.safety).policy


def allowed(tool, arguments):
    """What Aar checked before it asked, for arguments that somebody edited."""
    schema = {"additionalProperties": False, **tool.input_schema}
    return (
        jsonschema.Draft202012Validator(schema).is_valid(arguments)
        and policy.check_tool(tool, arguments) != PolicyDecision.DENY
    )


hub = ApprovalHub(
    os.environ.get("APPROVAL_HUB_URL", "http://127.0.0.1:8080"),
    os.environ["APPROVAL_HUB_KEY"],
    allowed=allowed,
    result=ApprovalResult,
)
app = Sessions(create_asgi_app(config, approval_callback=hub))

if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=8090)
