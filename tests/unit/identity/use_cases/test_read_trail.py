"""What was done to an account, by whom and when: every line of it, for the administrator."""

from typing import Any

from services.identity.domain.account import Account
from services.identity.domain.username import Username
from services.identity.use_cases.ensure_administrator import ADMIN, ensure_administrator
from shared.kernel.ids import derived_id
from tests.unit.identity.conftest import CADRE_PASSWORD, TOWNSHIP, World, an_account, an_account_form

ID = an_account().id
MEMBER = {"roles": [{"role": "member", "scope": TOWNSHIP}]}


async def admin_of(world: World) -> Account:
    account = await world.ports.accounts.named(ADMIN)
    assert account is not None
    return account


async def trail(world: World, account_id: str = ID, query: str = "") -> Any:
    return (await world.call(await world.bearer("admin"), "GET", f"/accounts/{account_id}/trail{query}")).json()


async def done_to(world: World, account_id: str = ID) -> list[str]:
    return [line["what"] for line in (await trail(world, account_id))["items"]]


async def test_a_line_says_what_was_done_to_whom_by_whom_and_when(world: World) -> None:
    admin, form = await admin_of(world), an_account_form()
    await world.call(await world.bearer("admin"), "POST", "/accounts", form)
    (line,) = (await trail(world, form["id"]))["items"]

    assert line == {
        "account_id": form["id"],
        "what": "opened",
        "by": admin.id,
        "at": world.clock.now().isoformat().replace("+00:00", "Z"),
        "roles": form["roles"],
    }


async def test_every_action_leaves_its_line_the_newest_first(world: World) -> None:
    token = await world.bearer("admin")
    new = {"old_password": "a new long password", "new_password": "chosen by myself alone"}
    await world.call(token, "PUT", f"/accounts/{ID}/roles", MEMBER, seen=1)
    await world.call(token, "PUT", f"/accounts/{ID}/disabled", {"disabled": True}, seen=2)
    await world.call(token, "PUT", f"/accounts/{ID}/disabled", {"disabled": False}, seen=3)
    await world.call(token, "PUT", f"/accounts/{ID}/password", {"password": new["old_password"]}, seen=4)
    own = (await world.sign_in("cadre", new["old_password"])).json()["access_token"]
    await world.call(own, "POST", "/password", new)
    lines, admin = (await trail(world))["items"], (await admin_of(world)).id

    assert [(line["what"], line["by"]) for line in lines[:5]] == [
        ("password_changed", ID),
        ("password_reset", admin),
        ("enabled", admin),
        ("disabled", admin),
        ("roles_changed", admin),
    ]
    assert [line["roles"] for line in lines[:5]] == [[]] * 4 + [MEMBER["roles"]]


async def test_what_changed_nothing_or_was_refused_leaves_no_line(world: World) -> None:
    token, before = await world.bearer("admin"), await done_to(world)
    await world.call(token, "PUT", f"/accounts/{ID}/disabled", {"disabled": False}, seen=1)
    await world.call(token, "PUT", f"/accounts/{ID}/disabled", {"disabled": True}, seen=7)
    await world.call(token, "PUT", f"/accounts/{ID}/password", {"password": "1234567890"}, seen=1)

    assert await done_to(world) == before


async def test_a_request_sent_twice_leaves_one_line(world: World) -> None:
    token, form = await world.bearer("admin"), an_account_form()
    for _ in range(2):
        await world.call(token, "POST", "/accounts", form)
        await world.call(token, "PUT", f"/accounts/{ID}/password", {"password": "a new long password"}, seen=1)

    assert await done_to(world, form["id"]) == ["opened"]
    assert (await done_to(world)).count("password_reset") == 1


async def test_five_wrong_passwords_leave_a_line_nobody_signed(world: World) -> None:
    for _ in range(4):
        await world.sign_in("cadre", "a guess")
    assert "paused" not in await done_to(world)

    await world.sign_in("cadre", "a guess")
    line, *_ = (await trail(world))["items"]

    assert (line["what"], line["by"]) == ("paused", None)


async def test_a_pause_leaves_the_revision_an_administrator_has_seen(world: World) -> None:
    for _ in range(5):
        await world.sign_in("cadre", "a guess")
    answer = await world.call(await world.bearer("admin"), "PUT", f"/accounts/{ID}/roles", MEMBER, seen=1)

    assert answer.status_code == 200
    assert (await done_to(world))[:2] == ["roles_changed", "paused"]


async def test_a_stranger_makes_the_log_grow_by_one_line_a_day(world: World) -> None:
    for _ in range(3 * 24):
        for _ in range(5):
            await world.sign_in("cadre", "a guess")
        world.clock.advance(hours=1)

    assert [line.what for line in await world.ports.accounts.trail(ID)] == ["opened", *["paused"] * 3]


async def test_a_pause_after_something_else_was_done_is_told_again(world: World) -> None:
    for _ in range(5):
        await world.sign_in("cadre", "a guess")
    reset = {"password": "a new long password"}
    await world.call(await world.bearer("admin"), "PUT", f"/accounts/{ID}/password", reset, seen=1)
    for _ in range(5):
        await world.sign_in("cadre", "a guess")

    assert (await done_to(world))[:3] == ["paused", "password_reset", "paused"]


async def test_wrong_guesses_at_what_is_nobodys_name_are_no_fault(world: World) -> None:
    for name in ("nobody", "not a username!"):
        answers = [(await world.sign_in(name, "a guess")).status_code for _ in range(6)]

        assert answers == [401] * 5 + [429]


async def test_what_the_start_did_to_the_first_administrator_is_told(world: World) -> None:
    await ensure_administrator("a new preset", world.ports)
    admin = await admin_of(world)
    token = (await world.sign_in("admin", "a new preset")).json()["access_token"]
    lines = (await world.call(token, "GET", f"/accounts/{admin.id}/trail")).json()["items"]

    assert [(line["what"], line["by"]) for line in lines] == [("restored", None), ("opened", None)]


async def test_the_log_is_read_in_pages_that_stay_whole_while_it_grows(world: World) -> None:
    token = await world.bearer("admin")
    for seen in range(1, 8):
        await world.call(token, "PUT", f"/accounts/{ID}/disabled", {"disabled": bool(seen % 2)}, seen=seen)
    first = await trail(world, query="?limit=3")
    await world.call(token, "PUT", f"/accounts/{ID}/roles", MEMBER, seen=8)
    second = await trail(world, query=f"?limit=3&cursor={first['next']}")
    third = await trail(world, query=f"?limit=3&cursor={second['next']}")

    assert [[line["what"] for line in page["items"]] for page in (first, second, third)] == [
        ["disabled", "enabled", "disabled"],
        ["enabled", "disabled", "enabled"],
        ["disabled", "opened"],
    ]
    assert third["next"] is None


async def test_the_log_of_no_account_is_not_found(world: World) -> None:
    answer = await world.call(await world.bearer("admin"), "GET", f"/accounts/{derived_id('none')}/trail")

    assert answer.status_code == 404


async def test_no_line_tells_a_password_or_a_username(world: World) -> None:
    form = an_account_form()
    await world.call(await world.bearer("admin"), "POST", "/accounts", form)
    lines = await world.ports.accounts.trail(form["id"])
    account = await world.ports.accounts.named(Username(form["username"]))

    assert account is not None
    assert not any(told in repr(lines) for told in (form["password"], account.password_hash, form["username"]))
    assert CADRE_PASSWORD not in repr(lines)
