"""Asks people, through Approval Hub, before Aar runs a tool.

Needs Python 3.10 or newer and nothing but its standard library. The file is copied beside the
script that starts Aar; serve.py shows how. Whatever goes wrong, the tool call is denied.
"""

import asyncio
import concurrent.futures
import contextvars
import copy
import hashlib
import http.client
import json
import logging
import secrets
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

log = logging.getLogger("approval_hub")

APPROVED = "approved"
DENIED = "denied"
ALWAYS = "approved_always"

_PROCESS = secrets.token_hex(8)
_POLL = 10
_PAUSE = 0.5
_MARGIN = 2

_session = contextvars.ContextVar("approval_hub_session", default=None)


class ApprovalHub:
    """The approval_callback of create_asgi_app: raises each call as an approval and waits.

    url        where the hub is
    key        an agent's key of the hub
    deadline   seconds after which a call that nobody decided is denied
    patience   seconds for which the hub may be out of reach, as while it restarts
    remember   whether people may approve a tool until the end of the request, which is how long
               Aar remembers it
    allowed    a function of (tool, arguments) that says whether edited arguments may run. Aar checks
               arguments before it asks and not again, so this has to do what Aar did: without it
               nobody is offered to edit them
    result     turns "approved", "denied", "approved_always" into what Aar wants: its ApprovalResult
    """

    def __init__(self, url, key, *, deadline=300, patience=15, remember=True, allowed=None, result=str):
        self._url = url.rstrip("/") + "/v2/approvals"
        self._key = key
        self._deadline = deadline
        self._patience = patience
        self._remember = remember
        self._allowed = allowed
        self._result = result
        self._opener = urllib.request.build_opener(_NoRedirect)

    async def __call__(self, tool, call):
        return self._result(await self._verdict(tool, call))

    async def _verdict(self, tool, call):
        try:
            approval = await self._decided(self._request(tool, call))
            return self._obey(approval, tool, call)
        except Exception as e:
            log.error("denied tool=%s because=%s", getattr(call, "tool_name", "?"), _reason(e))
            return DENIED

    def _request(self, tool, call):
        effects = [str(getattr(effect, "value", effect)) for effect in tool.side_effects]
        request = {
            "tool_name": call.tool_name,
            "tool_args": call.arguments,
            "worker_name": "aar",
            "risk_level": "high" if "execute" in effects else "medium",
            "reason": "side effects: " + ", ".join(effects),
            "idempotency_key": _key_of(call),
            "expires_in": max(1, int(self._deadline - _MARGIN)),
            "takes": self._takes(call),
        }
        if _session.get():
            request["session_id"] = _session.get()
        # Made into text here: what is asked about does not change while somebody thinks.
        return json.dumps(request, allow_nan=False)

    def _takes(self, call):
        takes = {"arguments": self._allowed is not None}
        if self._remember:
            takes["remembers"] = f"every {call.tool_name} call until this request ends"[:200]
        return takes

    def _obey(self, approval, tool, call):
        if approval["status"] != "approved":
            return DENIED
        edited = approval.get("modified_args")
        if edited is not None:
            self._edit(edited, tool, call)
        return ALWAYS if approval.get("remember") and self._remember else APPROVED

    def _edit(self, edited, tool, call):
        if self._allowed is None or self._allowed(tool, copy.deepcopy(edited)) is not True:
            raise ValueError("the edited arguments are not allowed")
        call.arguments.clear()
        call.arguments.update(edited)

    async def _decided(self, request):
        """Waits on a thread of its own; a task that is cancelled withdraws the approval."""
        answer = concurrent.futures.Future()
        threading.Thread(target=self._ask, args=(request, answer), daemon=True).start()
        return await asyncio.wrap_future(answer)

    def _ask(self, request, answer):
        end = time.monotonic() + self._deadline
        try:
            approval = self._raise(request, end)
            while approval["status"] == "pending" and not answer.cancelled() and time.monotonic() < end:
                approval = self._wait(approval["job_id"], end)
            if approval["status"] == "pending":
                approval = self._withdraw(approval["job_id"])
            _settle(answer.set_result, approval)
        except Exception as e:
            _settle(answer.set_exception, e)

    def _raise(self, request, end):
        return self._retry(end, lambda left: self._call("POST", "", request, min(left, 15)))

    def _wait(self, job, end):
        def wait(left):
            seconds = int(min(left, _POLL))
            return self._call("GET", f"/{_quoted(job)}?wait={seconds}s", None, seconds + 15)

        return self._retry(end, wait)

    def _withdraw(self, job):
        """Somebody may decide at the last moment: then that counts."""
        try:
            body = json.dumps({"reason": "Aar no longer waits"})
            self._call("POST", f"/{_quoted(job)}/cancel", body, 15)
        except urllib.error.HTTPError as e:
            if e.code not in (409, 410):
                raise
        return self._call("GET", f"/{_quoted(job)}", None, 15)

    def _retry(self, end, call):
        """Calls until the hub answers. The calls may be repeated: the key makes raising one safe."""
        lost = None
        while True:
            try:
                return call(max(0.1, end - time.monotonic()))
            except (OSError, ValueError, http.client.HTTPException) as e:
                now = time.monotonic()
                lost = now if lost is None else lost
                if not _may_pass(e) or now >= end or now - lost >= self._patience:
                    raise
                time.sleep(_PAUSE)

    def _call(self, method, path, body, timeout):
        headers = {"X-API-Key": self._key, "Content-Type": "application/json"}
        data = body.encode() if body else None
        request = urllib.request.Request(self._url + path, data, headers, method=method)
        with self._opener.open(request, timeout=timeout) as answer:
            return json.load(answer)


class Sessions:
    """Wraps Aar's ASGI app, so that an approval shows the session that it belongs to.

    Aar tells its callback neither session nor user, but runs it within the request. The field
    "safety" is taken out of every request on the way, since with it any client could switch off the
    question; keep_safety leaves it in.
    """

    def __init__(self, app, *, keep_safety=False):
        self._app = app
        self._keep_safety = keep_safety

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http" or scope["method"] != "POST":
            return await self._app(scope, receive, send)
        body = await _body(receive)
        if body is None:
            return None
        fields = _fields(body)
        if "safety" in fields and not self._keep_safety:
            del fields["safety"]
            body = json.dumps(fields).encode()
            scope = {**scope, "headers": _resized(scope.get("headers", []), len(body))}
        session = fields.get("session_id")
        token = _session.set(session[:200] if isinstance(session, str) else None)
        try:
            return await self._app(scope, _replay(body, receive), send)
        finally:
            _session.reset(token)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """The key goes to the hub and nowhere else."""

    def redirect_request(self, *_):
        return None


def _key_of(call):
    """The same call posted twice is one approval. Some providers number calls from the start in
    every turn, so the id of Aar's own event goes in too."""
    parts = [call.tool_call_id, getattr(call, "id", ""), _PROCESS]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _may_pass(error):
    if isinstance(error, urllib.error.HTTPError):
        return error.code >= 500 or error.code == 429
    return True


def _reason(error):
    return f"the hub answered {error.code}" if isinstance(error, urllib.error.HTTPError) else error


def _settle(settle, value):
    try:
        settle(value)
    except concurrent.futures.InvalidStateError:
        pass  # the task was cancelled


def _quoted(job):
    return urllib.parse.quote(str(job), safe="")


def _fields(body):
    try:
        fields = json.loads(body)
    except ValueError:
        return {}
    return fields if isinstance(fields, dict) else {}


async def _body(receive):
    """The whole body; None when the client went away."""
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if not message.get("more_body", False):
            return body


def _replay(body, receive):
    messages = [{"type": "http.request", "body": body, "more_body": False}]

    async def replayed():
        return messages.pop() if messages else await receive()

    return replayed


def _resized(headers, length):
    kept = [(name, value) for name, value in headers if bytes(name).lower() != b"content-length"]
    return [*kept, (b"content-length", str(length).encode())]
