from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from PIL import Image

from core.api.gateway import Gateway
from core.api.keys import Limiter
from core.evidence import credentials
from tests.api.conftest import Caller

Capture = Callable[[str], None]
UNKNOWN = "A" * 22


def test_should_make_a_link_that_expires_and_tell_how_it_stands(shop: Caller) -> None:
    answer = shop.post(
        "/api/v1/sessions", json={"mode": "strict", "language": "id", "reference": "order 42", "ttl": 600}
    )

    assert answer.status_code == 201
    made = answer.json()
    assert made["url"] == f"https://selfie.example/?session={made['id']}"
    session = shop.session(made["id"])
    assert (session["status"], session["mode"], session["language"], session["reference"]) == (
        "created", "strict", "id", "order 42"
    )  # fmt: skip
    assert session["report"] is None and session["selfie_available"] is False


def test_should_hand_the_selfie_out_once_signed_and_with_credentials(
    shop: Caller, capture: Capture, gateway: Gateway
) -> None:
    id_ = shop.create()
    assert shop.get(f"/api/v1/sessions/{id_}/selfie").status_code == 409
    capture(id_)

    session = shop.session(id_)
    assert (session["status"], session["outcome"], session["seconds"]) == ("captured", "captured", 4.2)
    first = shop.get(f"/api/v1/sessions/{id_}/selfie")
    assert first.headers["content-type"] == "image/png" and first.headers["cache-control"] == "no-store"
    assert Image.open(io.BytesIO(first.content)).size[0] > 0
    assert shop.get(f"/api/v1/sessions/{id_}/selfie").status_code == 410
    assert shop.session(id_)["selfie_available"] is False

    report = shop.get(f"/api/v1/sessions/{id_}/report")
    assert report.json() == session["report"]
    # By another library than the one that signed.
    keys = jwt.PyJWKSet.from_dict(shop.get("/.well-known/jwks.json").json())
    token = report.headers["report-signature"]
    found = jwt.api_jws.PyJWS().decode_complete(
        token, keys[jwt.get_unverified_header(token)["kid"]].key, algorithms=["EdDSA"], detached_payload=report.content
    )
    assert json.loads(found["payload"])["files"]["png"]["sha256"] == hashlib.sha256(first.content).hexdigest()
    assert credentials.read(first.content, "image/png", []).whole


def test_should_hand_the_selfie_out_until_the_end_where_it_is_asked_to(shop: Caller, capture: Capture) -> None:
    id_ = shop.create(selfie="until_expiry")
    capture(id_)
    first, second = (shop.get(f"/api/v1/sessions/{id_}/selfie") for _ in range(2))
    assert first.status_code == second.status_code == 200
    assert first.content == second.content


def test_should_capture_a_session_once(shop: Caller, capture: Capture) -> None:
    id_ = shop.create()
    capture(id_)
    report = shop.session(id_)["report"]
    capture(id_)
    assert shop.session(id_)["report"] == report


def test_should_show_a_session_to_nobody_but_its_owner(shop: Caller, bank: Caller, capture: Capture) -> None:
    id_ = shop.create()
    capture(id_)
    for path in (f"/{id_}", f"/{id_}/selfie", f"/{id_}/report"):
        other, unknown = bank.get(f"/api/v1/sessions{path}"), bank.get(f"/api/v1/sessions{path}".replace(id_, UNKNOWN))
        assert (other.status_code, other.json()) == (unknown.status_code, unknown.json()) == (404, other.json())
        assert shop.get(f"/api/v1/sessions{path}", headers={"Authorization": "Bearer no"}).status_code == 401
    assert bank.delete(f"/api/v1/sessions/{id_}").status_code == 404
    assert bank.get("/api/v1/sessions").json()["sessions"] == []
    assert shop.get(f"/api/v1/sessions/{id_}/selfie").status_code == 200


def test_should_make_ids_of_128_random_bits(shop: Caller) -> None:
    ids = {shop.create() for _ in range(50)}
    assert len(ids) == 50
    assert {len(id_) for id_ in ids} == {22}  # 16 bytes in base64


def test_should_answer_the_same_call_made_again_with_the_same_session(shop: Caller, bank: Caller) -> None:
    def made(caller: Caller, **wanted: Any) -> Any:
        return caller.post("/api/v1/sessions", json=wanted, headers={"Idempotency-Key": "7"})

    first, again = made(shop, reference="a"), made(shop, reference="a")
    assert first.json() == again.json()
    assert made(shop, reference="b").status_code == 409
    assert made(bank, reference="a").json()["id"] != first.json()["id"]
    assert len(shop.get("/api/v1/sessions").json()["sessions"]) == 1


def test_should_page_through_the_list_newest_first(shop: Caller) -> None:
    made = [shop.create(round="pilot" if number % 2 else None) for number in range(7)]

    def pages(**query: Any) -> list[str]:
        found: list[str] = []
        cursor = None
        while True:
            page = shop.get("/api/v1/sessions", params={**query, **({"cursor": cursor} if cursor else {})}).json()
            found += [session["id"] for session in page["sessions"]]
            if (cursor := page["next"]) is None:
                return found

    assert pages(limit=3) == made[::-1]
    assert pages(limit=7) == made[::-1]
    assert pages(limit=2, round="pilot") == made[1::2][::-1]
    assert pages(status="captured") == []


def test_should_delete_a_session_with_its_selfie(shop: Caller, capture: Capture) -> None:
    id_ = shop.create()
    capture(id_)
    assert shop.delete(f"/api/v1/sessions/{id_}").status_code == 204
    assert shop.get(f"/api/v1/sessions/{id_}").status_code == 404
    assert shop.delete(f"/api/v1/sessions/{id_}").status_code == 404


def test_should_hold_each_key_to_its_limit(shop: Caller, bank: Caller, gateway: Gateway) -> None:
    gateway.limiter = Limiter(3, clock=lambda: 0.0)
    codes = [shop.get("/api/v1/sessions").status_code for _ in range(5)]
    assert codes == [200, 200, 200, 429, 429]
    assert int(shop.get("/api/v1/sessions").headers["retry-after"]) == 20
    assert bank.get("/api/v1/sessions").status_code == 200


@pytest.mark.parametrize(
    "wanted",
    [
        {"mode": "lax"},
        {"language": "xx"},
        {"ttl": 1},
        {"ttl": 10**30},
        {"reference": "a\0b"},
        {"reference": "x" * 256},
        {"required_regions": ["ear"]},
        {"return_url": "javascript:alert(1)"},
        {"return_url": "http://shop.example/"},
        {"return_url": "https://user@shop.example/"},
        {"webhook_url": "ftp://shop.example/"},
        {"webhook_url": "https://10.0.0.1/"},
        {"webhook_url": "https://[::ffff:10.0.0.1]/"},
        {"webhook_url": "https://169.254.169.254/latest/meta-data"},
        {"webhook_url": "https://shop.example:99999/"},
        {"unheard": "of"},
        [],
        None,
    ],
)
def test_should_refuse_what_makes_no_sense(wanted: Any, shop: Caller) -> None:
    answer = shop.post("/api/v1/sessions", json=wanted)
    assert answer.status_code == 422, answer.text
    assert answer.json()["detail"]


JUNK = [
    "' OR '1'='1",
    "1; DROP TABLE sessions;--",
    "..%2f..%2fetc%2fpasswd",
    "%00",
    "%ff%fe",
    "\u202e",
    "A" * 5000,
    "{{7*7}}",
    "AAAAAAAAAAAAAAAAAAAAA'",
    "$(id)",
]


@pytest.mark.parametrize("junk", JUNK)
def test_should_answer_junk_with_4xx(junk: str, shop: Caller) -> None:
    for answer in (
        shop.get(f"/api/v1/sessions/{junk}"),
        shop.get(f"/api/v1/sessions/{junk}/selfie"),
        shop.delete(f"/api/v1/sessions/{junk}"),
        shop.get("/api/v1/sessions", params={"cursor": junk}),
        shop.get("/api/v1/sessions", params={"limit": junk}),
        shop.get("/api/v1/sessions", params={"status": junk}),
        shop.post("/api/v1/sessions", content=junk.encode(), headers={"Content-Type": "application/json"}),
        shop.get("/api/v1/sessions", headers={b"Authorization": b"Bearer " + junk.encode()}),
    ):
        assert 400 <= answer.status_code < 500, (junk, answer.url, answer.status_code)
    assert shop.get("/api/v1/sessions").json()["sessions"] == []


@pytest.mark.parametrize(
    "body", [b"[" * 16000, b'{"reference": "\\ud800"}', b"\xff\xfe", b'{"ttl": NaN}', b'{"ttl": 1e999}']
)
def test_should_refuse_bodies_that_break_parsers(body: bytes, shop: Caller) -> None:
    answer = shop.post("/api/v1/sessions", content=body, headers={"Content-Type": "application/json"})
    assert 400 <= answer.status_code < 500


def test_should_refuse_a_large_body_whether_its_length_is_told_or_not(shop: Caller) -> None:
    body = json.dumps({"reference": "x" * 20_000}).encode()
    assert shop.post("/api/v1/sessions", content=body).status_code == 413
    assert shop.post("/api/v1/sessions", content=iter([body[:10_000], body[10_000:]])).status_code == 413


def test_should_answer_503_while_the_database_is_away(shop: Caller, gateway: Gateway) -> None:
    shop.create()
    with gateway.store.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE sessions RENAME TO elsewhere")
    answer = shop.get("/api/v1/sessions")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")


def test_should_show_its_documentation_without_a_call_to_the_outside(shop: Caller) -> None:
    page = shop.get("/api/docs")
    assert page.status_code == 200
    assert "http://" not in page.text and "https://" not in page.text
    for path in ("/api/docs-static/swagger-ui-bundle.js", "/api/docs-static/swagger-ui.css", "/api/openapi.json"):
        assert path in page.text
        assert shop.get(path).status_code == 200
