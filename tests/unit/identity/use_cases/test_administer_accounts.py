"""What an administrator does with accounts that are there: roles, disabling, a forgotten password."""

from typing import Any

import pytest

from services.identity.domain.account import Account
from services.identity.domain.username import Username
from tests.unit.identity.conftest import CADRE_PASSWORD, TOWNSHIP, World, an_account, an_account_form

MEMBER = {"roles": [{"role": "member", "scope": TOWNSHIP}]}
ID = an_account().id


async def own_account(world: World, username: str = "admin") -> Account:
    account = await world.ports.accounts.named(Username(username))
    assert account is not None
    return account


@pytest.mark.parametrize(
    ("path", "body", "shown"),
    [
        ("roles", MEMBER, MEMBER),
        ("disabled", {"disabled": True}, {"disabled": True}),
        ("password", {"password": "a new long password"}, {"must_change": True}),
    ],
)
async def test_a_change_needs_the_revision_seen_and_gives_the_next(
    world: World, path: str, body: dict[str, Any], shown: dict[str, Any]
) -> None:
    admin = await world.bearer("admin")
    unseen = await world.call(admin, "PUT", f"/accounts/{ID}/{path}", body)
    stale = await world.call(admin, "PUT", f"/accounts/{ID}/{path}", body, seen=7)
    done = await world.call(admin, "PUT", f"/accounts/{ID}/{path}", body, seen=1)
    again = await world.call(admin, "PUT", f"/accounts/{ID}/{path}", body, seen=1)

    assert (unseen.status_code, stale.status_code, done.status_code) == (428, 412, 200)
    assert done.headers["etag"] == '"2"'
    assert done.json() | shown == done.json()
    assert (again.status_code, again.json()) == (200, done.json())


async def test_disabling_ends_every_sign_in(world: World) -> None:
    signed_in = (await world.sign_in("cadre", CADRE_PASSWORD)).json()
    await world.call(await world.bearer("admin"), "PUT", f"/accounts/{ID}/disabled", {"disabled": True}, seen=1)

    assert (await world.refresh(signed_in["refresh_token"])).status_code == 401
    assert (await world.call(signed_in["access_token"], "GET", "/me")).status_code == 401


async def test_a_restored_account_signs_in_anew(world: World) -> None:
    before = (await world.sign_in("cadre", CADRE_PASSWORD)).json()["refresh_token"]
    admin = await world.bearer("admin")
    await world.call(admin, "PUT", f"/accounts/{ID}/disabled", {"disabled": True}, seen=1)
    await world.call(admin, "PUT", f"/accounts/{ID}/disabled", {"disabled": False}, seen=2)

    assert (await world.refresh(before)).status_code == 401
    assert (await world.sign_in("cadre", CADRE_PASSWORD)).status_code == 200


async def test_a_reset_ends_sign_ins_and_lifts_a_pause(world: World) -> None:
    before = (await world.sign_in("cadre", CADRE_PASSWORD)).json()["refresh_token"]
    for _ in range(5):
        await world.sign_in("cadre", "forgotten")
    reset = {"password": "a new long password"}
    await world.call(await world.bearer("admin"), "PUT", f"/accounts/{ID}/password", reset, seen=1)

    assert (await world.refresh(before)).status_code == 401
    assert (await world.sign_in("cadre", "a new long password")).status_code == 200


async def test_a_reset_ends_access_tokens_here_at_once(world: World) -> None:
    before = await world.bearer()
    reset = {"password": "a new long password"}
    await world.call(await world.bearer("admin"), "PUT", f"/accounts/{ID}/password", reset, seen=1)

    assert (await world.call(before, "GET", "/me")).status_code == 401


async def test_access_tokens_of_before_stay_dead_when_an_account_is_restored(world: World) -> None:
    before, admin = await world.bearer(), await world.bearer("admin")
    await world.call(admin, "PUT", f"/accounts/{ID}/disabled", {"disabled": True}, seen=1)
    await world.call(admin, "PUT", f"/accounts/{ID}/disabled", {"disabled": False}, seen=2)

    assert (await world.call(before, "GET", "/me")).status_code == 401


@pytest.mark.parametrize(("path", "body"), [("roles", MEMBER), ("disabled", {"disabled": True})])
async def test_nobody_disables_himself_or_changes_his_own_roles(world: World, path: str, body: dict[str, Any]) -> None:
    own = await own_account(world)
    answer = await world.call(await world.bearer("admin"), "PUT", f"/accounts/{own.id}/{path}", body, seen=1)

    assert (answer.status_code, answer.json()["code"]) == (403, "account.own")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/accounts", an_account_form()),
        ("GET", "/accounts", None),
        ("GET", f"/accounts/{ID}", None),
        ("GET", f"/accounts/{ID}/trail", None),
        ("PUT", f"/accounts/{ID}/roles", MEMBER),
        ("PUT", f"/accounts/{ID}/disabled", {"disabled": False}),
        ("PUT", f"/accounts/{ID}/password", {"password": "a new long password"}),
    ],
)
async def test_accounts_are_the_administrators_alone(world: World, method: str, path: str, body: Any) -> None:
    answer = await world.call(await world.bearer("cadre"), method, path, body, seen=1)

    assert answer.status_code == 403


@pytest.mark.parametrize("path", ["", "/roles", "/disabled", "/password"])
async def test_an_unknown_account_is_not_found(world: World, path: str) -> None:
    bodies = {"": None, "/roles": MEMBER, "/disabled": {"disabled": True}, "/password": {"password": "x" * 12}}
    method = "PUT" if path else "GET"
    answer = await world.call(await world.bearer("admin"), method, f"/accounts/unknown{path}", bodies[path], seen=1)

    assert answer.status_code == 404


async def test_an_administrator_who_was_disabled_does_nothing_more(world: World) -> None:
    first = await world.bearer("admin")
    form = an_account_form(username="second", roles=[{"role": "administrator", "scope": "*"}])
    await world.call(first, "POST", "/accounts", form)
    second = (await world.sign_in("second", form["password"])).json()["access_token"]
    admin = await own_account(world)
    await world.call(second, "PUT", f"/accounts/{admin.id}/disabled", {"disabled": True}, seen=1)

    assert (await world.call(first, "GET", "/accounts")).status_code == 401


async def test_roles_taken_away_are_gone_here_at_once(world: World) -> None:
    first = await world.bearer("admin")
    form = an_account_form(username="second", roles=[{"role": "administrator", "scope": "*"}])
    await world.call(first, "POST", "/accounts", form)
    second = (await world.sign_in("second", form["password"])).json()["access_token"]
    await world.call(first, "PUT", f"/accounts/{form['id']}/roles", MEMBER, seen=1)

    assert (await world.call(second, "GET", "/accounts")).status_code == 403


async def test_accounts_are_listed_by_name_in_pages(world: World) -> None:
    names = [f"cadre{number:02d}" for number in range(7)]
    for name in names:
        await world.plant(an_account(name))
    admin, seen, cursor = await world.bearer("admin"), [], ""
    while True:
        page = (await world.call(admin, "GET", f"/accounts?limit=3&username=Cadre{cursor}")).json()
        seen += [item["username"] for item in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"

    assert seen == ["cadre", *names]
    assert (await world.call(admin, "GET", "/accounts")).json()["items"][0]["username"] == "admin"
