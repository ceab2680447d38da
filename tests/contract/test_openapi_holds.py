"""Requests made up from each service's document, good and bad: no fault, nothing undocumented, refusals as problems."""

import json
from functools import cache
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from structlog.testing import capture_logs

from deploy.openapi import FOLDER
from tests.contract.apis import APIS, made
from tests.contract.told import EVERYBODY

HEADERS = {"Authorization": f"Bearer {EVERYBODY}", "If-Match": '"1"'}
CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance, status_code_conformance]
EXAMPLES = 20
bounded = settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None
)


@cache
def schema_of(service: str) -> BaseSchema:
    with capture_logs():
        return schemathesis.openapi.from_asgi(f"/api/{service}/openapi.json", made(service))


def operations() -> list[Any]:
    return [
        pytest.param(service, path, method, id=f"{method.upper()} {path}")
        for service in APIS
        for path, methods in json.loads((FOLDER / f"{service}.json").read_text("utf-8"))["paths"].items()
        for method in methods
    ]


def takes_anything(operation: APIOperation[Any, Any, Any, Any]) -> bool:
    """Whether there is anything one could get wrong; any text may stand in a path."""
    return bool(operation.body or operation.query)


@pytest.mark.slow
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize(("service", "path", "method"), operations())
def test_an_operation_keeps_to_its_document(service: str, path: str, method: str, mode: GenerationMode) -> None:
    operation = schema_of(service)[path][method.upper()]
    if mode is GenerationMode.NEGATIVE and not takes_anything(operation):
        return

    @bounded
    @given(operation.as_strategy(generation_mode=mode))
    def keeps(case: Case[Any]) -> None:
        with capture_logs():
            response = case.call(headers=HEADERS)
        case.validate_response(response, checks=CHECKS)

    keeps()
