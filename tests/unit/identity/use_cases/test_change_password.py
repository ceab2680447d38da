"""Changing one's own password."""

from typing import Any

import pytest

from tests.unit.identity.conftest import CADRE_PASSWORD, World

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


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        (a_change(old_password="wrong password"), "password.old_wrong", "old_password"),
        (a_change(new_password=CADRE_PASSWORD), "password.unchanged", "new_password"),
        (a_change(new_password="too short"), "password.too_short", "new_password"),
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
