"""An agent that asks before it calls a tool: asking_script.py HUB KEY TOOL

Prints how the approval ended, as JSON; exits with 0 when the tool may be called.
"""

import json
import sys
import urllib.request

HUB, KEY, TOOL = sys.argv[1:]


def call(path, body=None):
    data = None if body is None else json.dumps(body).encode()
    headers = {"X-API-Key": KEY, "Content-Type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(HUB + path, data, headers)) as answer:
        return json.load(answer)


approval = call("/v2/approvals", {"tool_name": TOOL, "tool_args": {"to": "production"}})
while approval["status"] == "pending":
    approval = call(f"/v2/approvals/{approval['job_id']}?wait=30s")
print(json.dumps(approval))
sys.exit(0 if approval["status"] == "approved" else 1)
