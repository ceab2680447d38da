"""Opening accounts: once each, for a person, never business and administration in one."""

from typing import Any

import pytest

from shared.kernel.ids import derived_id
from tests.unit.identity.conftest import World, an_account_form

ADMINISTRATOR = {"role": "administrator", "scope": "*"}
CADRE = {"role": "cadre", "scope": derived_id("township")}


async def open_account(world: World, **changed: Any) -> Any:
    return await world.call(await world.bearer("admin"), "POST", "/accounts", an_account_form(**changed))


async def test_an_account_is_opened_and_can_sign_in(world: World) -> None:
    answer = await open_account(world)
    form = an_account_form()
    password = form.pop("password")

    assert (answer.status_code, answer.headers["etag"]) == (201, '"1"')
    assert answer.json() == {**form, "disabled": False, "revision": 1}
    assert (await world.sign_in(form["username"], password)).status_code == 200


async def test_the_same_request_again_gives_the_same_account(world: World) -> None:
    first, again = await open_account(world), await open_account(world)

    assert (again.status_code, again.json()) == (201, first.json())


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"username": "wang.wu"}, "account.id_taken", "id"),
        ({"password": "some other password"}, "account.id_taken", "id"),
        ({"roles": [CADRE]}, "account.id_taken", "id"),
        ({"must_change": True}, "account.id_taken", "id"),
        ({"id": derived_id("elsewhere")}, "account.username_taken", "username"),
        ({"id": derived_id("elsewhere"), "username": "LI.SI"}, "account.username_taken", "username"),
    ],
)
async def test_another_request_under_a_taken_id_or_name_is_refused(
    world: World, changed: dict[str, Any], code: str, field: str
) -> None:
    await open_account(world)
    answer = await open_account(world, **changed)

    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (409, code, field)


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"roles": [ADMINISTRATOR, CADRE]}, "account.administrator_stands_alone", "roles"),
        ({"roles": [{"role": "administrator", "scope": derived_id("township")}]}, "account.scope_unusable", "roles"),
        ({"roles": [{"role": "cadre", "scope": "*"}]}, "account.scope_unusable", "roles"),
        ({"roles": [{"role": "cadre", "scope": ""}]}, "account.scope_unusable", "roles"),
        ({"roles": [{"role": "emperor", "scope": "*"}]}, "request.invalid", "roles.0.role"),
        ({"roles": []}, "request.invalid", "roles"),
        ({"roles": [CADRE] * 17}, "request.invalid", "roles"),
        ({"person_id": None}, "account.person_missing", "person_id"),
        ({"person_id": "zhang"}, "request.invalid", "person_id"),
        ({"id": "1"}, "request.invalid", "id"),
        ({"username": "-x"}, "account.username_unusable", "username"),
        ({"username": "a"}, "account.username_unusable", "username"),
        ({"username": "a" * 33}, "account.username_unusable", "username"),
        ({"username": "two words"}, "account.username_unusable", "username"),
        ({"username": "😀😀"}, "account.username_unusable", "username"),
        ({"password": "too short"}, "password.too_short", "password"),
        ({"username": "zhang.san.feng", "password": "Zhang.San.Feng"}, "password.holds_username", "password"),
        ({"password": "password2024"}, "password.common", "password"),
        ({"must_change": "no"}, "request.invalid", "must_change"),
        ({"surname": "李"}, "request.invalid", "surname"),
    ],
)
async def test_an_account_that_cannot_be_names_its_field(
    world: World, changed: dict[str, Any], code: str, field: str
) -> None:
    answer = await open_account(world, **changed)

    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (422, code, field)


@pytest.mark.parametrize("username", ["张三", "村支书01", "li-si_2", "ＬＩ４"])
async def test_usernames_are_letters_digits_and_chinese(world: World, username: str) -> None:
    assert (await open_account(world, username=username)).status_code == 201


async def test_an_administrator_needs_no_person(world: World) -> None:
    assert (await open_account(world, roles=[ADMINISTRATOR], person_id=None)).status_code == 201


async def test_a_role_named_twice_is_one(world: World) -> None:
    assert (await open_account(world, roles=[CADRE, CADRE])).json()["roles"] == [CADRE]
