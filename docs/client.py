"""Asks for a selfie, waits for it and keeps it: python docs/client.py https://selfie.example KEY"""

import json
import sys
import time
from pathlib import Path
from urllib.request import Request, urlopen


def call(method: str, path: str, wanted: dict[str, object] | None = None) -> bytes:
    """The answer's body. Raises urllib.error.HTTPError for anything but 2xx."""
    body = json.dumps(wanted).encode() if wanted is not None else None
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
    with urlopen(Request(f"{BASE}/api/v1{path}", body, headers, method=method), timeout=30) as answer:
        return bytes(answer.read())


BASE, KEY = sys.argv[1:3]
made = json.loads(call("POST", "/sessions", {"reference": "try", "ttl": 600}))
print("Open this on a phone:", made["url"])
path = f"/sessions/{made['id']}"
while (session := json.loads(call("GET", path)))["status"] not in ("captured", "expired"):
    time.sleep(2)  # a webhook needs no waiting
print(session["status"], session["outcome"], session["reasons"])
if session["status"] == "captured":
    Path("selfie.png").write_bytes(call("GET", f"{path}/selfie"))
    Path("selfie.json").write_bytes(call("GET", f"{path}/report"))
    Path("selfie.json.jws").write_text(session["signature"])
    print("selfie.png, selfie.json, selfie.json.jws: check them with python -m core verify selfie.png selfie.json")
