"""Requests made from the API's own schema, right ones and wrong ones: none may bring it down.

SCHEMA_REQUESTS: how many in all; a minute for 2,000.
"""

from __future__ import annotations

import os
from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from starlette.applications import Starlette

from core.api.gateway import Gateway
from core.api.routes import api_routes

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis needs Python 3.11")

REQUESTS = int(os.environ.get("SCHEMA_REQUESTS", "240"))
OPERATIONS, MODES = 6, ("positive", "negative")


@pytest.mark.parametrize("mode", MODES)
def test_no_request_should_be_answered_with_5xx(mode: str, gateway: Gateway, keys: dict[str, tuple[str, str]]) -> None:
    from schemathesis.generation import GenerationMode

    schema = schemathesis.openapi.from_asgi("/api/openapi.json", Starlette(routes=api_routes(gateway)))
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) == OPERATIONS
    answers: Counter[int] = Counter()
    for operation in operations:

        @settings(
            max_examples=REQUESTS // (OPERATIONS * len(MODES)),
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],
        )
        @given(case=operation.as_strategy(generation_mode=GenerationMode(mode)))
        def send(case: Any) -> None:
            answer = case.call(headers={"Authorization": f"Bearer {keys['shop'][0]}"})
            answers[answer.status_code] += 1
            # Also that each answer is one that the schema tells of.
            told = ("not_a_server_error", "response_schema_conformance", "status_code_conformance")
            case.validate_response(answer, checks=[getattr(schemathesis.checks, name) for name in told])

        send()
    print(mode, dict(answers))
    assert sum(answers.values()) >= REQUESTS // len(MODES) * 0.9
    assert not [code for code in answers if code >= 500]
