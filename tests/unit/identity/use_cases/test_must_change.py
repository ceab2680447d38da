"""A password the administrator chose opens nothing but the change of it."""

from typing import Any

import pytest
from joserfc import jwt

from services.identity.adapters.key_folder import KeyFolder
from shared.kernel.access import Role
from tests.unit.identity.conftest import CADRE_PASSWORD, World, an_account, an_account_form

INITIAL, OWN = "the initial one", "chosen by myself alone"
RESET = {"password": INITIAL}


async def open_account(world: World, **changed: Any) -> dict[str, Any]:
    form = an_account_form(password=INITIAL, **changed)
    form.pop("must_change")
    answer = await world.call(await world.bearer("admin"), "POST", "/accounts", form)
    return dict(answer.json())


async def change(world: World, token: str) -> Any:
    return await world.call(token, "POST", "/password", {"old_password": INITIAL, "new_password": OWN})


def claims_of(token: str, key_folder: KeyFolder) -> dict[str, Any]:
    return dict(jwt.decode(token, key_folder.signing().key, algorithms=["RS256"]).claims)


async def test_an_opened_account_must_change_unless_its_form_says_otherwise(world: World) -> None:
    opened = await open_account(world)

    assert opened["must_change"] is True
    assert (await world.sign_in("li.si", INITIAL)).json()["must_change"] is True


async def test_an_account_whose_form_says_so_need_not_change(world: World) -> None:
    form = an_account_form()
    await world.call(await world.bearer("admin"), "POST", "/accounts", form)

    assert (await world.sign_in("li.si", form["password"])).json()["must_change"] is False


async def test_an_initial_password_gives_a_token_without_roles(world: World, key_folder: KeyFolder) -> None:
    await open_account(world)
    answer = (await world.sign_in("li.si", INITIAL)).json()
    renewed = (await world.refresh(answer["refresh_token"])).json()
    claims = [claims_of(each["access_token"], key_folder) for each in (answer, renewed)]

    assert [(each["roles"], each["must_change"]) for each in claims] == [([], True)] * 2
    assert renewed["must_change"] is True


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/me"), ("GET", "/accounts"), ("POST", "/accounts"), ("GET", "/accounts/x/trail")]
)
async def test_whoever_must_change_is_told_so_everywhere_else(world: World, method: str, path: str) -> None:
    await open_account(world, roles=[{"role": Role.ADMINISTRATOR, "scope": "*"}], person_id=None)
    token = (await world.sign_in("li.si", INITIAL)).json()["access_token"]
    answer = await world.call(token, method, path, an_account_form() if method == "POST" else None)

    assert (answer.status_code, answer.json()["code"]) == (403, "password.must_change")


async def test_after_the_change_the_roles_are_there(world: World, key_folder: KeyFolder) -> None:
    opened = await open_account(world)
    token = (await world.sign_in("li.si", INITIAL)).json()["access_token"]
    changed = (await change(world, token)).json()
    claims = claims_of(changed["access_token"], key_folder)

    assert (changed["must_change"], claims["roles"], "must_change" in claims) == (False, opened["roles"], False)
    assert (await world.call(changed["access_token"], "GET", "/me")).json()["must_change"] is False
    assert (await world.sign_in("li.si", OWN)).json()["must_change"] is False


async def test_a_reset_password_is_an_initial_one(world: World) -> None:
    await world.call(await world.bearer("admin"), "PUT", f"/accounts/{an_account().id}/password", RESET, seen=1)
    answer = (await world.sign_in("cadre", INITIAL)).json()

    assert answer["must_change"] is True
    assert (await change(world, answer["access_token"])).json()["must_change"] is False


async def test_a_reset_to_the_password_that_stands_makes_it_an_initial_one(world: World) -> None:
    # Whoever resets to it knows it.
    reset = {"password": CADRE_PASSWORD}
    await world.call(await world.bearer("admin"), "PUT", f"/accounts/{an_account().id}/password", reset, seen=1)

    assert (await world.sign_in("cadre", CADRE_PASSWORD)).json()["must_change"] is True


async def test_the_change_needs_the_initial_password_and_another_one(world: World) -> None:
    await open_account(world)
    token = (await world.sign_in("li.si", INITIAL)).json()["access_token"]
    wrong = {"old_password": "a guess", "new_password": OWN}
    same = {"old_password": INITIAL, "new_password": INITIAL}
    codes = [(await world.call(token, "POST", "/password", body)).json()["code"] for body in (wrong, same)]

    assert codes == ["password.old_wrong", "password.unchanged"]
