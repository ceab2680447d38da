"""Changing one's own password."""

from typing import Any

import pytest
from joserfc import jwt

from services.identity.adapters.key_folder import KeyFolder
from tests.unit.identity.conftest import (
    ADMIN_PASSWORD,
    AUDIENCE,
    CADRE_PASSWORD,
    ISSUER,
    World,
    an_account,
    an_account_form,
)

NEW = "another long password"


def a_change(**changed: Any) -> dict[str, Any]:
    return {"old_password": CADRE_PASSWORD, "new_password": NEW, **changed}


async def test_the_new_password_signs_in_and_the_old_one_does_not(world: World) -> None:
    answer = await world.call(await world.bearer(), "POST", "/password", a_change())

    assert answer.status_code == 200
    assert (await world.sign_in("cadre", CADRE_PASSWORD)).status_code == 401
    assert (await world.sign_in("cadre", NEW)).status_code == 200


async def test_every_other_sign_in_ends_and_this_one_goes_on(world: World) -> None:
    elsewhere = (await world.sign_in("cadre", CADRE_PASSWORD)).json()["refresh_token"]
    here = (await world.call(await world.bearer(), "POST", "/password", a_change())).json()["refresh_token"]

    assert (await world.refresh(elsewhere)).status_code == 401
    assert (await world.refresh(here)).status_code == 200


async def test_access_tokens_given_before_are_refused_here_at_once(world: World) -> None:
    before = await world.bearer()
    after = (await world.call(before, "POST", "/password", a_change())).json()["access_token"]

    assert (await world.call(before, "GET", "/me")).status_code == 401
    assert (await world.call(after, "GET", "/me")).status_code == 200


async def test_an_administrators_old_token_opens_no_account_after_a_change(world: World) -> None:
    before = await world.bearer("admin")
    change = {"old_password": ADMIN_PASSWORD, "new_password": NEW}
    await world.call(before, "POST", "/password", change)
    answer = await world.call(before, "POST", "/accounts", an_account_form())

    assert (answer.status_code, answer.json()["code"]) == (401, "access.unauthenticated")


async def test_a_signed_token_that_names_no_epoch_is_refused_here(world: World, key_folder: KeyFolder) -> None:
    signing, claims = key_folder.signing(), {"iss": ISSUER, "aud": AUDIENCE, "sub": an_account().id, "roles": []}
    header = {"alg": "RS256", "kid": signing.kid}
    runs_out = int(world.clock.now().timestamp()) + 60
    tokens = [jwt.encode(header, {**claims, "exp": runs_out, **epoch}, signing.key) for epoch in ({}, {"epoch": 1})]

    assert [(await world.call(token, "GET", "/me")).status_code for token in tokens] == [401, 200]


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        (a_change(old_password="wrong password"), "password.old_wrong", "old_password"),
        (a_change(new_password=CADRE_PASSWORD), "password.unchanged", "new_password"),
        (a_change(new_password="too short"), "password.too_short", "new_password"),
        (a_change(new_password="1234567890"), "password.sequence", "new_password"),
        (a_change(new_password="my own cadre password"), "password.holds_username", "new_password"),
        (a_change(new_password=""), "request.invalid", "new_password"),
        (a_change(new_password="x" * 129), "request.invalid", "new_password"),
        (a_change(old_password=1), "request.invalid", "old_password"),
        (a_change(why="because"), "request.invalid", "why"),
    ],
)
async def test_a_change_that_cannot_be_names_its_field(
    world: World, change: dict[str, Any], code: str, field: str
) -> None:
    answer = await world.call(await world.bearer(), "POST", "/password", change)

    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (422, code, field)
    assert CADRE_PASSWORD not in answer.text


async def test_guessing_the_old_password_pauses_the_account(world: World) -> None:
    token = await world.bearer()
    answers = [await world.call(token, "POST", "/password", a_change(old_password="guess")) for _ in range(6)]

    assert [answer.status_code for answer in answers] == [422] * 5 + [429]


async def test_nobody_changes_a_password_without_signing_in(world: World) -> None:
    assert (await world.client.post("/api/identity/password", json=a_change())).status_code == 401
