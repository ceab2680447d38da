"""What needs no token: keys, metadata, documentation, readiness."""

from typing import Any

import httpx
import pytest

from services.identity.adapters.key_folder import KeyFolder
from services.identity.bootstrap import api_over
from shared.web.access import JwtVerifier
from shared.web.jwks import Jwks
from tests.front_door import front_door
from tests.unit.identity.conftest import AUDIENCE, CADRE_PASSWORD, ISSUER, World

METADATA = "/.well-known/oauth-authorization-server"


async def test_the_published_keys_hold_nothing_private(world: World, key_folder: KeyFolder) -> None:
    answer = await world.client.get("/api/identity/jwks")
    (key,) = answer.json()["keys"]

    assert set(key) == {"kty", "n", "e", "kid", "use", "alg"}
    assert (key["kid"], key["use"], key["alg"]) == (key_folder.signing().kid, "sig", "RS256")


@pytest.mark.parametrize("path", [METADATA, f"{METADATA}/api/identity"])
async def test_the_metadata_are_true_where_a_client_looks_for_them(world: World, path: str) -> None:
    told = (await world.client.get(path)).json()
    keys = (await world.client.get(told["jwks_uri"].removeprefix("http://gateway"))).json()
    form = {"username": "cadre", "password": CADRE_PASSWORD}
    answers = [
        await world.client.post(
            told["token_endpoint"].removeprefix("http://gateway"),
            data={"grant_type": grant, "refresh_token": "of nothing", **form},
        )
        for grant in (*told["grant_types_supported"], "authorization_code")
    ]

    assert (told["issuer"], told["response_types_supported"]) == (ISSUER, [])
    assert [key["use"] for key in keys["keys"]] == ["sig"]
    assert [answer.status_code for answer in answers] == [200, 401, 422]


async def test_where_another_issuer_is_trusted_nobody_signs_in_here(world: World, key_folder: KeyFolder) -> None:
    async def keys() -> dict[str, Any]:
        return key_folder.public()

    verifier = JwtVerifier(Jwks(keys), "https://county.example", AUDIENCE)
    app = api_over(world.ports, verifier, public_keys=key_folder.public, issuer="https://county.example")
    form = {"grant_type": "password", "username": "cadre", "password": CADRE_PASSWORD}
    async with httpx.AsyncClient(transport=front_door(app), base_url="http://identity") as client:
        answers = [await client.post("/api/identity/token", data=form), await client.get(METADATA)]

    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(409, "sign_in.elsewhere")] * 2
    assert "https://county.example" in answers[0].json()["detail"]


async def test_readiness_and_documentation_are_open(world: World) -> None:
    paths = ("/api/identity/readyz", "/api/identity/openapi.json", "/api/identity/docs")

    assert [(await world.client.get(path)).status_code for path in paths] == [200, 200, 200]


async def test_token_outcomes_are_counted_without_names(world: World) -> None:
    await world.sign_in("cadre", "wrong password")
    metrics = (await world.client.get("/metrics")).text
    counted = [line for line in metrics.splitlines() if line.startswith("xianfeng_tokens_total")]

    assert any(line.startswith('xianfeng_tokens_total{outcome="refused"} ') for line in counted)
    assert "cadre" not in "".join(counted)
