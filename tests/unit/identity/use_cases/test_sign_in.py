"""Signing in: five wrong passwords pause a username, whoever has it."""

import asyncio
from typing import Any

import pytest
from joserfc import jwt

from services.identity.adapters.key_folder import KeyFolder
from shared.kernel.ids import derived_id
from tests.unit.identity.conftest import ADMIN_PASSWORD, AUDIENCE, CADRE_PASSWORD, ISSUER, TOWNSHIP, World, an_account


async def test_the_token_names_the_account_its_person_and_its_roles(world: World, key_folder: KeyFolder) -> None:
    answer = (await world.sign_in("cadre", CADRE_PASSWORD)).json()
    token = jwt.decode(answer["access_token"], key_folder.signing().key, algorithms=["RS256"])
    claims = dict(token.claims)
    issued_at = int(world.clock.now().timestamp())

    assert token.header == {"alg": "RS256", "typ": "JWT", "kid": key_folder.signing().kid}
    assert claims.pop("jti")
    assert claims == {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": an_account().id,
        "person_id": derived_id("person", "cadre"),
        "roles": [{"role": "cadre", "scope": TOWNSHIP}],
        "epoch": 1,
        "iat": issued_at,
        "exp": issued_at + 15 * 60,
    }
    assert (answer["token_type"], answer["expires_in"], answer["refresh_expires_in"]) == ("Bearer", 900, 43200)
    assert answer["must_change"] is False


async def test_no_cache_keeps_a_token(world: World) -> None:
    assert (await world.sign_in("cadre", CADRE_PASSWORD)).headers["cache-control"] == "no-store"


@pytest.mark.parametrize("typed", ["cadre", " Cadre ", "ＣＡＤＲＥ"])
async def test_a_username_is_the_same_however_it_was_typed(world: World, typed: str) -> None:
    assert (await world.sign_in(typed, CADRE_PASSWORD)).status_code == 200


@pytest.mark.parametrize("username", ["cadre", "nobody", "not a username!", "a\x00b"])
async def test_a_refusal_reveals_no_account(world: World, username: str) -> None:
    answers = [await world.sign_in(username, "wrong password") for _ in range(6)]
    told = [(answer.status_code, answer.json()["code"], answer.json()["error"]) for answer in answers]

    assert told == [(401, "sign_in.refused", "invalid_grant")] * 5 + [(429, "sign_in.paused", "invalid_grant")]
    assert answers[0].headers["content-type"] == "application/problem+json"
    assert answers[5].headers["retry-after"] == "300"


async def test_an_unknown_username_costs_as_much_as_a_known_one(world: World) -> None:
    world.passwords.asked.clear()
    await world.sign_in("nobody", "wrong password")

    assert world.passwords.asked == [None]


async def test_a_paused_username_is_not_listened_to(world: World) -> None:
    for _ in range(5):
        await world.sign_in("cadre", "wrong password")
    world.passwords.asked.clear()

    assert (await world.sign_in("cadre", CADRE_PASSWORD)).status_code == 429
    assert world.passwords.asked == []


async def test_a_pause_ends_after_five_minutes_and_counting_starts_anew(world: World) -> None:
    for _ in range(5):
        await world.sign_in("cadre", "wrong password")
    world.clock.advance(minutes=5)

    assert [(await world.sign_in("cadre", "wrong password")).status_code for _ in range(4)] == [401] * 4
    assert (await world.sign_in("cadre", CADRE_PASSWORD)).status_code == 200


async def test_the_right_password_ends_the_count(world: World) -> None:
    for _ in range(3):
        assert [(await world.sign_in("cadre", "wrong")).status_code for _ in range(4)] == [401] * 4
        assert (await world.sign_in("cadre", CADRE_PASSWORD)).status_code == 200


async def test_one_username_paused_pauses_no_other(world: World) -> None:
    for _ in range(6):
        await world.sign_in("nobody", "wrong password")

    assert (await world.sign_in("cadre", CADRE_PASSWORD)).status_code == 200


async def test_guesses_sent_at_once_are_counted_one_by_one(world: World) -> None:
    answers = await asyncio.gather(*(world.sign_in("cadre", f"guess {number}") for number in range(40)))

    assert sorted(answer.status_code for answer in answers) == [401] * 5 + [429] * 35


async def test_many_right_sign_ins_at_once_are_all_right(world: World) -> None:
    answers = await asyncio.gather(*(world.sign_in("cadre", CADRE_PASSWORD) for _ in range(40)))

    assert {answer.status_code for answer in answers} == {200}


async def test_only_who_knows_the_password_learns_that_the_account_is_disabled(world: World) -> None:
    await world.plant(an_account("former", disabled=True))
    right, wrong = await world.sign_in("former", CADRE_PASSWORD), await world.sign_in("former", "wrong password")

    assert (right.status_code, right.json()["code"]) == (403, "account.disabled")
    assert (wrong.status_code, wrong.json()["code"]) == (401, "sign_in.refused")


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({}, "grant_type"),
        ({"grant_type": "client_credentials"}, "grant_type"),
        ({"grant_type": "password", "password": "x"}, "username"),
        ({"grant_type": "password", "username": "cadre"}, "password"),
        ({"grant_type": "refresh_token"}, "refresh_token"),
        ({"grant_type": "password", "username": "x" * 65, "password": "x"}, "username"),
        ({"grant_type": "password", "username": "cadre", "password": "x" * 129}, "password"),
    ],
)
async def test_a_form_that_says_too_little_or_too_much_names_the_field(
    world: World, form: dict[str, Any], field: str
) -> None:
    response = await world.client.post("/api/identity/token", data=form)

    assert (response.status_code, response.json()["field"]) == (422, field)
    assert "xxx" not in response.text


async def test_the_administrator_signs_in_with_the_preset_password(world: World) -> None:
    assert (await world.sign_in("admin", ADMIN_PASSWORD)).status_code == 200
