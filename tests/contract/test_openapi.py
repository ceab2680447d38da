"""What the services say of themselves: committed, complete, in Chinese, closed except where meant to be open."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deploy import openapi

CHINESE = re.compile(r"[\u4e00-\u9fff]")
OPEN = {
    ("identity", "post", "/api/identity/token"),
    ("identity", "post", "/api/identity/sign-out"),
    ("identity", "get", "/api/identity/jwks"),
    ("identity", "get", "/.well-known/oauth-authorization-server"),
    ("identity", "get", "/.well-known/oauth-authorization-server/api/identity"),
}
DOCUMENTS = {
    name.removesuffix(".json"): json.loads((openapi.FOLDER / name).read_text("utf-8"))
    for name in sorted(path.name for path in openapi.FOLDER.glob("*.json"))
}


def operations() -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    for service, document in DOCUMENTS.items():
        for path, methods in document["paths"].items():
            for method, operation in methods.items():
                yield service, method, path, operation


@pytest.fixture(params=list(operations()), ids=lambda found: " ".join(found[:3]))
def operation(request: pytest.FixtureRequest) -> dict[str, Any]:
    found: dict[str, Any] = request.param[3]
    return found


def test_the_committed_documents_are_up_to_date() -> None:
    assert openapi.outdated() == [], "python -m deploy.openapi"


def test_a_differing_missing_or_left_over_document_is_named(tmp_path: Path) -> None:
    openapi.write(tmp_path)
    (tmp_path / "identity.json").write_text("{}", "utf-8")
    (tmp_path / "visits.json").unlink()
    (tmp_path / "forgotten.json").write_text("{}", "utf-8")
    assert openapi.outdated(tmp_path) == ["forgotten.json", "identity.json", "visits.json"]

    openapi.write(tmp_path)

    assert openapi.outdated(tmp_path) == []


def test_open_is_only_what_must_be() -> None:
    unguarded = {found[:3] for found in operations() if "security" not in found[3]}

    assert unguarded == OPEN


def test_no_two_operations_of_a_service_share_a_name() -> None:
    names = [(service, operation["operationId"]) for service, _, _, operation in operations()]

    assert sorted(names) == sorted(set(names))


def test_every_path_carries_its_services_prefix() -> None:
    strange = {(service, path) for service, _, path, _ in operations() if not path.startswith(f"/api/{service}")}

    metadata = "/.well-known/oauth-authorization-server"
    assert strange == {("identity", metadata), ("identity", f"{metadata}/api/identity")}


def test_an_operation_is_explained_in_chinese(operation: dict[str, Any]) -> None:
    assert CHINESE.search(operation["summary"])
    assert CHINESE.search(operation["description"])


def test_an_operation_tells_how_it_refuses(operation: dict[str, Any]) -> None:
    assert operation["responses"]["default"] == {"$ref": "#/components/responses/Refusal"}


def test_a_guarded_operation_names_its_roles(operation: dict[str, Any]) -> None:
    assert ("security" in operation) == bool(operation.get("x-roles"))


@pytest.mark.parametrize("service", DOCUMENTS)
def test_no_document_speaks_of_a_person(service: str) -> None:
    """No field is called so; 流动党员 (mobile) is one of the grounds of an exemption."""
    names = re.findall(r'"(phone|mobile|id_number|identity_number|address|surname)":', json.dumps(DOCUMENTS[service]))

    assert names == []
