"""One suite for the audit log in memory and in MongoDB, and what MongoDB alone removes."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from deploy.local.stack import Stack
from services.identity.adapters.in_memory import InMemoryAccounts, InMemoryAudit
from services.identity.adapters.mongo import MongoAccounts, prepare
from services.identity.adapters.mongo_audit import MongoAudit
from services.identity.domain.audit import AuditEntry
from services.identity.use_cases.ports import Accounts, Audit, AuditListing
from shared.kernel.access import Grant, Role
from shared.kernel.ids import AccountId, derived_id, new_id
from tests.contract.identity.test_stores import a_line, an_account, now
from tests.databases import an_empty_database

CADRE, ORGANISER = AccountId(derived_id("cadre")), AccountId(derived_id("organiser"))


@dataclass(frozen=True, slots=True)
class Stores:
    """The ports under test."""

    accounts: Accounts
    audit: Audit


@pytest.fixture(params=["in memory", "mongodb"])
async def stores(request: pytest.FixtureRequest) -> AsyncIterator[Stores]:
    if request.param == "in memory":
        yield Stores(InMemoryAccounts(), InMemoryAudit())
        return
    mongod: Stack = request.getfixturevalue("mongod")
    async with an_empty_database(mongod, "identity", prepare) as database:
        yield Stores(MongoAccounts(database), MongoAudit(database))


def entries() -> list[AuditEntry]:
    """Five, the newest first; two of one moment."""
    at = now()
    return [
        replace(AuditEntry.of_account("signed_in", CADRE, at), id="b"),
        replace(AuditEntry.of_account("signed_in", ORGANISER, at), id="a"),
        AuditEntry.refused(CADRE, at - timedelta(hours=1)),
        AuditEntry.of_account("signed_out", CADRE, at - timedelta(hours=30)),
        AuditEntry.of_key("kid", at - timedelta(hours=31)),
    ]


async def keep(stores: Stores) -> list[AuditEntry]:
    kept = entries()
    for entry in reversed(kept):
        await stores.audit.record(entry)
    return kept


async def test_entries_come_back_as_they_were_the_newest_first(stores: Stores) -> None:
    kept = await keep(stores)
    full = AuditEntry(new_id(), "opened", now() + timedelta(1), CADRE, ORGANISER, (Grant(Role.CADRE, "township"),))
    await stores.audit.record(full)

    assert await stores.audit.list(AuditListing(9)) == [full, *kept]


async def test_a_list_is_of_an_account_of_a_kind_of_a_day_and_goes_on_where_it_ended(stores: Stores) -> None:
    kept = await keep(stores)
    day_ago = kept[0].at - timedelta(days=1)

    async def listed(limit: int = 9, **wanted: Any) -> list[int]:
        return [kept.index(each) for each in await stores.audit.list(AuditListing(limit, **wanted))]

    assert await listed(account_id=CADRE) == [0, 2, 3]
    assert await listed(what="signed_in") == [0, 1]
    assert await listed(since=day_ago, until=kept[0].at) == [2]
    assert await listed(limit=2) == [0, 1]
    assert await listed(before=(kept[0].at, kept[0].id)) == [1, 2, 3, 4]
    assert await listed(before=(kept[1].at, kept[1].id), limit=1) == [2]
    assert await listed(before=(kept[1].at, kept[1].id), account_id=CADRE, what="signed_out") == [3]


async def test_what_is_counted_is_one_entry_with_the_moment_of_the_first(stores: Stores) -> None:
    first = AuditEntry.refused(None, now().replace(hour=3))
    await asyncio.gather(*(stores.audit.count(first) for _ in range(10)))
    await stores.audit.count(AuditEntry.refused(None, first.at + timedelta(minutes=1)))
    await stores.audit.count(AuditEntry.refused(None, first.at + timedelta(days=1)))
    later, earlier = await stores.audit.list(AuditListing(9))

    assert (later.times, earlier.times, earlier.at) == (1, 11, first.at)


async def test_what_is_noted_once_keeps_its_first_moment(stores: Stores) -> None:
    first = AuditEntry.of_key("kid", now())
    for minutes in range(3):
        await stores.audit.once(replace(first, at=first.at + timedelta(minutes=minutes)))

    assert await stores.audit.list(AuditListing(9)) == [first]


async def test_deeds_are_the_lines_of_all_trails(stores: Stores) -> None:
    cadre, organiser = an_account("cadre", id=CADRE), an_account("organiser", id=ORGANISER)
    moment, grants = now(), (Grant(Role.CADRE, "township"),)
    await stores.accounts.save(cadre, a_line(at=moment, grants=grants))
    await stores.accounts.save(organiser, a_line(at=moment, by=None))
    for revision, what in ((2, "disabled"), (3, "enabled")):
        line = a_line(what, at=moment + timedelta(days=1))  # type: ignore[arg-type]
        await stores.accounts.save(replace(cadre, revision=revision), line)
    found = await stores.accounts.deeds(AuditListing(9))
    opened = [each for each in found if each.what == "opened"]

    async def listed(**wanted: Any) -> list[int]:
        return [
            found.index(each) for each in await stores.accounts.deeds(AuditListing(wanted.pop("limit", 9), **wanted))
        ]

    assert [each.what for each in found[:2]] == ["enabled", "disabled"]
    assert {(each.account_id, each.by, each.grants) for each in opened} == {
        (CADRE, AccountId("administrator"), grants),
        (ORGANISER, None, ()),
    }
    assert len({each.id for each in found}) == 4
    assert await listed(limit=1, before=(found[0].at, found[0].id)) == [1]
    assert await listed(before=(found[2].at, found[2].id)) == [3]
    assert await listed(account_id=CADRE, what="enabled") == [0]
    assert await listed(since=moment, until=moment + timedelta(hours=1)) == [2, 3]


async def test_the_store_removes_what_was_kept_long_enough_also_when_that_is_changed(mongod: Stack) -> None:
    async with an_empty_database(mongod, "identity", prepare) as database:
        told = [(await database.audit.index_information())["kept"]["expireAfterSeconds"]]
        for days in (183, 183, 3650):
            await prepare(database, days)
            told.append((await database.audit.index_information())["kept"]["expireAfterSeconds"])

    assert told == [days * 86_400 for days in (400, 183, 183, 3650)]


@pytest.mark.parametrize("wanted", [{}, {"account_id": CADRE}, {"what": "signed_in"}])
async def test_the_log_is_read_in_the_order_of_an_index(mongod: Stack, wanted: dict[str, Any]) -> None:
    async with an_empty_database(mongod, "identity", prepare) as database:
        await database.command("profile", 2)
        await MongoAudit(database).list(AuditListing(50, **wanted))
        await database.command("profile", 0)
        (asked,) = await database["system.profile"].find({"op": "query", "ns": f"{database.name}.audit"}).to_list()

    assert "COLLSCAN" not in asked["planSummary"]
    assert not asked.get("hasSortStage", False)
