"""Who signed in and who could not, what was done to accounts, which keys signed: for administrators, without names."""

import json
from typing import Any

import pytest

from services.identity.adapters.key_folder import KeyFolder
from services.identity.use_cases.note_keys import note_keys
from services.identity.use_cases.ports import AuditListing
from shared.kernel.clock import local_day, wall_now
from shared.kernel.errors import Unavailable
from tests.unit.identity.conftest import ADMIN_PASSWORD, CADRE_PASSWORD, World, an_account, an_account_form

ID = an_account().id
DISABLED = an_account("disabled", disabled=True)
Seen = tuple[str, str | None, int]


async def audit(world: World, query: str = "") -> list[dict[str, Any]]:
    """The log, without the sign-in of who reads it; his token is of the wall's time, as whoever verifies it."""
    moved, world.clock.instant = world.clock.instant, wall_now()
    token = await world.bearer("admin")
    world.clock.instant = moved
    answer = await world.call(token, "GET", f"/audit{query}")
    assert answer.status_code == 200, answer.text
    return [
        each for each in answer.json()["items"] if (each["what"], each["account_id"]) != ("signed_in", admin(world))
    ]


def admin(world: World) -> str:
    (found,) = [id_ for id_, account in world.ports.accounts._accounts.items() if account.username == "admin"]  # type: ignore[attr-defined]
    return str(found)


async def seen(world: World, query: str = "") -> list[Seen]:
    return [(each["what"], each["account_id"], each["times"]) for each in await audit(world, query)]


async def test_a_sign_in_its_renewals_misuse_and_its_end_are_told(world: World) -> None:
    world.clock.advance(minutes=10)
    first = (await world.sign_in("cadre", CADRE_PASSWORD)).json()["refresh_token"]
    world.clock.advance(minutes=10)
    await world.refresh(first)
    world.clock.advance(minutes=10)
    await world.refresh(first)
    world.clock.advance(minutes=10)
    last = (await world.sign_in("cadre", CADRE_PASSWORD)).json()["refresh_token"]
    for _ in range(2):
        world.clock.advance(minutes=10)
        await world.sign_out(last)

    entries = await audit(world, f"?account_id={ID}")
    assert [each["what"] for each in entries] == ["signed_out", "signed_in", "token_reused", "signed_in", "opened"]
    assert [each["by"] for each in entries[:4]] == [ID] * 4


async def test_what_administrators_did_stands_among_what_happened(world: World) -> None:
    token, form = await world.bearer("admin"), an_account_form()
    world.clock.advance(minutes=1)
    await world.call(token, "POST", "/accounts", form)
    world.clock.advance(minutes=1)
    await world.sign_in(form["username"], form["password"])
    world.clock.advance(minutes=1)
    await world.call(token, "PUT", f"/accounts/{form['id']}/disabled", {"disabled": True}, seen=1)
    disabled, signed_in, opened, *_ = await audit(world)

    assert [each["what"] for each in (disabled, signed_in, opened)] == ["disabled", "signed_in", "opened"]
    assert {each["account_id"] for each in (disabled, signed_in, opened)} == {form["id"]}
    assert (opened["by"], opened["roles"], disabled["by"]) == (admin(world), form["roles"], admin(world))


async def test_refused_sign_ins_of_a_day_are_one_entry_with_a_count(world: World) -> None:
    await world.plant(DISABLED)
    for _ in range(3):
        await world.sign_in("cadre", "a guess")
    await world.sign_in("disabled", CADRE_PASSWORD)
    for name in ("nobody", "somebody else", "not a name!"):
        await world.sign_in(name, "a guess")
    refused = await seen(world, "?what=sign_in_refused")

    assert sorted(refused, key=str) == sorted(
        [("sign_in_refused", None, 3), ("sign_in_refused", ID, 3), ("sign_in_refused", DISABLED.id, 1)], key=str
    )


async def test_strangers_make_it_grow_by_so_many_entries_a_day_whatever_they_do(world: World) -> None:
    for hour in range(2 * 24):
        for guess in range(6):
            await world.sign_in("cadre", "a guess")
            await world.sign_in(f"nobody{hour}.{guess}", "a guess")
            await world.refresh("of nothing")
            await world.sign_out("of nothing")
        world.clock.advance(hours=1)
    kept = await world.ports.audit.list(AuditListing(1000))
    days = {local_day(each.at) for each in kept}

    assert len(days) in {2, 3}
    assert len(kept) == 2 * len(days)


async def test_a_key_is_noted_when_it_is_published_and_once(world: World, key_folder: KeyFolder) -> None:
    for _ in range(3):
        await world.client.get("/api/identity/jwks")
        world.clock.advance(minutes=5)
    await note_keys(["another"], world.ports)
    noted = [each["key_id"] for each in await audit(world, "?what=key_published")]

    assert noted == ["another", key_folder.signing().kid]


async def test_keys_are_published_while_the_log_cannot_be_written(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> None:
        raise Unavailable("mongodb")

    monkeypatch.setattr(world.ports.audit, "once", away)

    assert len((await world.client.get("/api/identity/jwks")).json()["keys"]) == 1


async def test_it_is_read_by_account_by_kind_and_by_day(world: World) -> None:
    today = local_day(world.clock.now())
    await world.sign_in("cadre", CADRE_PASSWORD)
    world.clock.advance(days=1)
    await world.sign_in("cadre", CADRE_PASSWORD)
    await world.sign_in("cadre", "a guess")
    tomorrow = local_day(world.clock.now())

    assert [each[0] for each in await seen(world, f"?account_id={ID}&on={tomorrow}&what=signed_in")] == ["signed_in"]
    assert {each[0] for each in await seen(world, f"?account_id={ID}&on={tomorrow}")} == {
        "signed_in",
        "sign_in_refused",
    }
    assert {each[0] for each in await seen(world, f"?account_id={ID}&on={today}")} == {"signed_in", "opened"}
    assert {each[1] for each in await seen(world, "?what=opened")} == {ID, admin(world)}


async def test_pages_stay_whole_while_it_grows(world: World) -> None:
    token = await world.bearer("admin")
    for _ in range(5):
        await world.sign_in("cadre", CADRE_PASSWORD)
    read, query = [], f"?account_id={ID}&limit=2"
    while query:
        page = (await world.call(token, "GET", f"/audit{query}")).json()
        read += page["items"]
        world.clock.advance(seconds=1)
        await world.sign_in("cadre", CADRE_PASSWORD)
        query = f"?account_id={ID}&limit=2&cursor={page['next']}" if page["next"] else ""

    assert len({each["id"] for each in read}) == len(read) == 6


@pytest.mark.parametrize("query", ["what=murder", "on=yesterday", "on=9999-12-31", "account_id=cadre", "cursor=W10"])
async def test_what_cannot_be_asked_is_refused(world: World, query: str) -> None:
    assert (await world.call(await world.bearer("admin"), "GET", f"/audit?{query}")).status_code == 422


async def test_nobody_else_reads_it(world: World) -> None:
    assert (await world.call(await world.bearer(), "GET", "/audit")).status_code == 403


async def test_nothing_in_it_is_a_password_a_username_or_a_token(world: World) -> None:
    refresh = (await world.sign_in("cadre", CADRE_PASSWORD)).json()["refresh_token"]
    await world.sign_in("my password by mistake", "a guess")
    await world.sign_out(refresh)
    told = json.dumps(await audit(world), ensure_ascii=False)

    assert [word for word in ("mistake", "guess", CADRE_PASSWORD, ADMIN_PASSWORD, refresh) if word in told] == []
    assert "username" not in told
