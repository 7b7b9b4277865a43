"""uvicorn in front of the agents of a run, as FastAPI agents have it.

A call to /PORT/rest goes to http://127.0.0.1:PORT/rest. What uvicorn makes of a call reaches the
agent: with httptools the body of a call that offers h2c is lost.

Run as: python uvicorn_front.py PORT
"""

import asyncio
import http.client
import sys

import httptools  # noqa: F401  what makes this uvicorn the one that people run
import uvicorn

HOP = {b"connection", b"keep-alive", b"transfer-encoding", b"upgrade", b"http2-settings", b"host", b"content-length"}


async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    status, headers, answer = await asyncio.to_thread(forward, scope, body)
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": answer})


def forward(scope, body):
    port, _, rest = scope["raw_path"].decode("latin-1").lstrip("/").partition("/")
    query = scope["query_string"].decode("latin-1")
    headers = {k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"] if k not in HOP}
    agent = http.client.HTTPConnection("127.0.0.1", int(port), timeout=30)
    try:
        agent.request(scope["method"], "/" + rest + ("?" + query if query else ""), body or None, headers)
        reply = agent.getresponse()
        answer = reply.read()
        kept = [(k.lower().encode("latin-1"), v.encode("latin-1")) for k, v in reply.getheaders()
                if k.lower().encode("latin-1") not in HOP]
        return reply.status, kept, answer
    except OSError:
        return 502, [(b"content-type", b"text/plain")], b"not reached"
    finally:
        agent.close()


uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), http="httptools", log_level="warning")
