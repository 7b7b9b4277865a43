#!/usr/bin/env python3
"""A receiver for the webhook plugin, in nothing but Python: it shows each approval in this terminal and asks what to do.

    WEBHOOK_SECRET=whsec_... PERSON=alice@example.com python3 webhook-receiver.py [port]

plugins/webhook/README.md has the hub's side. WEBHOOK_SECRET may hold several secrets, separated by blanks: while one is
replaced by another, all of them count.
"""
import base64, hashlib, hmac, json, os, queue, sys, threading, time, urllib.error, urllib.request, uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

KEYS = [base64.b64decode(secret.removeprefix("whsec_")) for secret in os.environ["WEBHOOK_SECRET"].split()]
PERSON = os.environ["PERSON"]  # whoever sits at this terminal; a real receiver signs its people in
waiting = queue.Queue()
seen = set()


def signature(key, id, timestamp, body):
    digest = hmac.new(key, f"{id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()


def verified(headers, body):
    id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not timestamp.isdecimal() or abs(time.time() - int(timestamp)) > 300:
        return False
    sent = headers.get("webhook-signature", "").split(" ")
    return any(hmac.compare_digest(one, signature(key, id, timestamp, body)) for key in KEYS for one in sent)


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        good = verified(self.headers, body)
        self.send_response(204 if good else 401)
        self.end_headers()
        if good and self.headers["webhook-id"] not in seen:  # the same id is the same event, sent again
            seen.add(self.headers["webhook-id"])
            waiting.put(json.loads(body))

    def log_message(self, *_):
        pass


def decide(approval, button, reason):
    data = {"button": button, "person": {"id": PERSON}}
    if reason:
        data["reason"] = reason
    body = json.dumps({"type": "approval.decide", "data": data}).encode()
    id, timestamp = uuid.uuid4().hex, str(int(time.time()))
    signatures = " ".join(signature(key, id, timestamp, body) for key in KEYS)
    request = urllib.request.Request(approval["decide_url"], body, {
        "content-type": "application/json",
        "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signatures})
    try:
        with urllib.request.urlopen(request, timeout=15) as answer:
            return json.load(answer)["message"]
    except urllib.error.HTTPError as problem:
        return json.load(problem)["detail"]


def main():
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 9000
    server = ThreadingHTTPServer(("127.0.0.1", port), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"Listening on http://127.0.0.1:{port}/")
    while True:
        approval = waiting.get()["data"]
        if approval["status"] != "pending":
            print(f"{approval['job_id']}: {approval['status']}, agent: {approval['delivered']}")
            continue
        # As ASCII, so that nothing in it can move the cursor or hide.
        print(json.dumps({key: approval[key] for key in ("agent", "tool_name", "tool_args", "risk_level", "reason")}, indent=2))
        buttons = {action["action"]: action["button"] for action in approval["actions"]}
        answer = input("y approves, anything else denies and is the reason: ").strip()
        button = buttons["approve"] if answer == "y" else buttons["deny"]
        print(decide(approval, button, "" if answer == "y" else answer))


if __name__ == "__main__":
    try:
        main()
    except (KeyboardInterrupt, EOFError):
        pass
