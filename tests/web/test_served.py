from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
import uvloop
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from core.api.frames import read_origins
from core.api.keys import new_key
from core.web import served

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def env(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[pytest.MonkeyPatch]:
    for name in ("API_KEYS", "API_LIMIT", "WEBHOOK_NETWORKS", "EMBED_ORIGINS", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("KEY_DIR", str(tmp_path / "keys"))
    monkeypatch.setenv("ATTEMPT_LOG_DIR", str(tmp_path / "data"))
    served.gateway.cache_clear()
    yield monkeypatch
    served.gateway.cache_clear()


def test_should_serve_and_store_nothing_without_keys(env: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert served.gateway() is None
    assert len(served.routes()) == 3 and len(served.middleware()) == 1 and not served.api_asked_for()
    assert served.witness() is None
    assert list(tmp_path.iterdir()) == []


def test_the_server_should_run_on_uvloop() -> None:
    factory = uvicorn.Config("app:app").get_loop_factory()
    assert factory is not None
    loop = factory()
    try:
        assert isinstance(loop, uvloop.Loop)
    finally:
        loop.close()


def test_should_serve_the_api_with_keys(env: pytest.MonkeyPatch) -> None:
    env.setenv("API_KEYS", new_key("shop")[1])
    client = TestClient(Starlette(routes=served.routes(), middleware=served.middleware()))
    assert client.get("/api/v1/sessions").status_code == 401
    assert client.get("/.well-known/jwks.json").json()["keys"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("API_KEYS", "secretword"),
        ("API_LIMIT", "many secretword"),
        ("WEBHOOK_NETWORKS", "secretword"),
        ("DATABASE_URL", "oracle://user:secretword@host"),
    ],
)
def test_should_serve_no_half_api_and_say_so_without_repeating_secrets(
    name: str, value: str, env: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    env.setenv("API_KEYS", new_key("shop")[1])
    env.setenv(name, value)
    assert len(served.routes()) == 3  # outlines and stills alone
    assert served.api_asked_for()
    assert "No API" in caplog.text and "secretword" not in caplog.text


def test_should_let_only_named_sites_frame_the_pages(env: pytest.MonkeyPatch) -> None:
    env.setenv("API_KEYS", new_key("shop")[1])
    env.setenv("EMBED_ORIGINS", "https://Shop.example/, http://localhost:8080")
    page = Route("/", lambda request: PlainTextResponse("page"))
    policy = TestClient(Starlette(routes=[page], middleware=served.middleware())).get("/").headers
    assert policy["content-security-policy"] == "frame-ancestors 'self' https://shop.example http://localhost:8080"


BAD_ORIGINS = ["*", "shop.example", "https://a.example/path", "https://*.example", "https://a.example x"]


@pytest.mark.parametrize("told", BAD_ORIGINS)
def test_should_refuse_origins_that_are_none(told: str) -> None:
    with pytest.raises(ValueError, match="origin"):
        read_origins(told)


def test_should_leave_the_cameras_component_to_the_runtime() -> None:
    code = "import sys, core.web.served as s; s.routes(), s.middleware(); sys.exit('streamlit_webrtc' in sys.modules)"
    env = {**os.environ, "API_KEYS": ""}
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, timeout=60, check=False).returncode == 0


def test_should_leave_it_to_the_runtime_with_an_api_too(env: pytest.MonkeyPatch) -> None:
    code = "import sys, core.web.served as s; assert s.routes(); sys.exit('streamlit_webrtc' in sys.modules)"
    told = {**os.environ, "API_KEYS": new_key("shop")[1]}
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=told, timeout=60, check=False).returncode == 0
