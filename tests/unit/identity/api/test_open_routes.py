"""What needs no token: keys, metadata, documentation, readiness."""

from services.identity.adapters.key_folder import KeyFolder
from tests.unit.identity.conftest import ISSUER, World


async def test_the_published_keys_hold_nothing_private(world: World, key_folder: KeyFolder) -> None:
    answer = await world.client.get("/api/identity/jwks")
    (key,) = answer.json()["keys"]

    assert set(key) == {"kty", "n", "e", "kid", "use", "alg"}
    assert (key["kid"], key["use"], key["alg"]) == (key_folder.signing().kid, "sig", "RS256")


async def test_the_metadata_say_where_tokens_are_given(world: World) -> None:
    answer = (await world.client.get("/.well-known/oauth-authorization-server")).json()

    assert (answer["issuer"], answer["token_endpoint"]) == (ISSUER, f"{ISSUER}/token")


async def test_readiness_and_documentation_are_open(world: World) -> None:
    paths = ("/api/identity/readyz", "/api/identity/openapi.json", "/api/identity/docs")

    assert [(await world.client.get(path)).status_code for path in paths] == [200, 200, 200]


async def test_token_outcomes_are_counted_without_names(world: World) -> None:
    await world.sign_in("cadre", "wrong password")
    metrics = (await world.client.get("/metrics")).text
    counted = [line for line in metrics.splitlines() if line.startswith("xianfeng_tokens_total")]

    assert any(line.startswith('xianfeng_tokens_total{outcome="refused"} ') for line in counted)
    assert "cadre" not in "".join(counted)
