"""One suite for identity's stores: the in-memory ones and the real ones keep the same promises."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from deploy.local.stack import Stack
from services.identity.adapters.in_memory import (
    InMemoryAccounts,
    InMemoryAudit,
    InMemorySessions,
    InMemoryWrongPasswords,
)
from services.identity.adapters.mongo import MongoAccounts, MongoSessions, MongoWrongPasswords, prepare
from services.identity.adapters.mongo_audit import MongoAudit
from services.identity.domain.account import Account
from services.identity.domain.attempts import Attempts
from services.identity.domain.refusals import UsernameTaken
from services.identity.domain.session import Session, SessionId
from services.identity.domain.trail import TrailEntry, What
from services.identity.domain.username import Username
from services.identity.use_cases.ports import Accounts, Audit, Listing, Sessions, WrongPasswords
from shared.kernel.access import Grant, Role
from shared.kernel.clock import wall_now
from shared.kernel.errors import AlreadyThere, NotFound, Stale
from shared.kernel.ids import AccountId, PersonId, new_id
from tests.databases import an_empty_database


@dataclass(frozen=True, slots=True)
class Stores:
    """The ports under test."""

    accounts: Accounts
    audit: Audit
    sessions: Sessions
    wrong_passwords: WrongPasswords


@pytest.fixture(params=["in memory", "mongodb"])
async def stores(request: pytest.FixtureRequest) -> AsyncIterator[Stores]:
    if request.param == "in memory":
        yield Stores(InMemoryAccounts(), InMemoryAudit(), InMemorySessions(), InMemoryWrongPasswords())
        return
    mongod: Stack = request.getfixturevalue("mongod")
    async with an_empty_database(mongod, "identity", prepare) as database:
        yield Stores(
            MongoAccounts(database), MongoAudit(database), MongoSessions(database), MongoWrongPasswords(database)
        )


def an_account(username: str = "cadre", **changed: Any) -> Account:
    account = Account(
        id=AccountId(new_id()),
        username=Username(username),
        person_id=PersonId("person"),
        grants=(Grant(Role.CADRE, "township"), Grant(Role.MEMBER, "branch")),
        password_hash="$argon2id$…",
    )
    return replace(account, **changed)


def now() -> datetime:
    """Wall time as the store keeps it, in milliseconds; MongoDB removes what ended before it."""
    return wall_now().replace(microsecond=0)


def a_session(digest: str) -> Session:
    expires_at, ends_at = now() + timedelta(hours=12), now() + timedelta(days=7)
    return Session(SessionId(new_id()), AccountId("account"), 1, digest, expires_at, ends_at)


def a_line(what: What = "opened", **changed: Any) -> TrailEntry:
    return replace(TrailEntry(what, AccountId("administrator"), now()), **changed)


class TestAccounts:
    async def test_an_account_comes_back_as_it_was(self, stores: Stores) -> None:
        plain = an_account("张三")
        full = an_account("admin", person_id=None, disabled=True, must_change=True, epoch=4, preset_hash="preset")
        for account in (plain, full):
            await stores.accounts.save(account, a_line())

        assert [await stores.accounts.get(plain.id), await stores.accounts.named(full.username)] == [plain, full]

    async def test_what_is_not_there_is_not_found(self, stores: Stores) -> None:
        assert await stores.accounts.find(AccountId("unknown")) is None
        assert await stores.accounts.named(Username("unknown")) is None
        with pytest.raises(NotFound):
            await stores.accounts.get(AccountId("unknown"))

    async def test_an_id_is_taken_once(self, stores: Stores) -> None:
        account = an_account()
        await stores.accounts.save(account, a_line())

        with pytest.raises(AlreadyThere):
            await stores.accounts.save(replace(account, username=Username("another")), a_line())

    async def test_a_username_is_taken_once(self, stores: Stores) -> None:
        await stores.accounts.save(an_account(), a_line())

        with pytest.raises(UsernameTaken):
            await stores.accounts.save(an_account(), a_line())

    async def test_the_same_account_twice_is_told_by_its_id(self, stores: Stores) -> None:
        account = an_account()
        await stores.accounts.save(account, a_line())

        with pytest.raises(AlreadyThere):
            await stores.accounts.save(account, a_line())

    async def test_a_change_follows_the_revision_before_it(self, stores: Stores) -> None:
        account = an_account()
        await stores.accounts.save(account, a_line())
        await stores.accounts.save(replace(account, disabled=True, revision=2), a_line())

        for revision in (2, 4):
            with pytest.raises(Stale):
                await stores.accounts.save(replace(account, revision=revision), a_line())
        assert await stores.accounts.get(account.id) == replace(account, disabled=True, revision=2)

    async def test_of_many_writers_of_one_revision_one_wins(self, stores: Stores) -> None:
        account = an_account()
        await stores.accounts.save(account, a_line())
        changed = [replace(account, epoch=number, revision=2) for number in range(10)]
        results = await asyncio.gather(
            *(stores.accounts.save(one, a_line()) for one in changed), return_exceptions=True
        )

        assert sum(result is None for result in results) == 1
        assert sum(isinstance(result, Stale) for result in results) == 9

    async def test_lists_go_by_username(self, stores: Stores) -> None:
        for name in ("b2", "张三", "a1", "b1", "b3", "c_1", "c.1", "c-1"):
            await stores.accounts.save(an_account(name), a_line())

        async def listed(**wanted: Any) -> list[str]:
            return [account.username for account in await stores.accounts.list(Listing(**wanted))]

        assert await listed(limit=9) == ["a1", "b1", "b2", "b3", "c-1", "c.1", "c_1", "张三"]
        assert await listed(limit=2, begins="b") == ["b1", "b2"]
        assert await listed(limit=2, begins="b", after="b2") == ["b3"]
        assert await listed(limit=9, begins="张") == ["张三"]
        assert await listed(limit=9, begins=".*") == []


class TestLogs:
    async def test_an_account_and_what_was_done_to_it_are_saved_together(self, stores: Stores) -> None:
        account, grants = an_account(), (Grant(Role.CADRE, "township"),)
        opened, changed = a_line(grants=grants), a_line("disabled", by=None, at=now() + timedelta(hours=1))
        await stores.accounts.save(account, opened)
        await stores.accounts.save(replace(account, disabled=True, revision=2), changed)

        assert await stores.accounts.trail(account.id) == [opened, changed]

    async def test_what_could_not_be_saved_leaves_no_line(self, stores: Stores) -> None:
        account, opened = an_account(), a_line()
        await stores.accounts.save(account, opened)
        with pytest.raises(Stale):
            await stores.accounts.save(replace(account, revision=3), a_line("disabled"))
        with pytest.raises(AlreadyThere):
            await stores.accounts.save(account, a_line("disabled"))

        assert await stores.accounts.trail(account.id) == [opened]

    async def test_a_line_is_noted_by_username_and_leaves_the_account_as_it_is(self, stores: Stores) -> None:
        account, opened, paused = an_account(), a_line(), a_line("paused", by=None)
        await stores.accounts.save(account, opened)
        await stores.accounts.note(account.username, paused)
        await stores.accounts.note(Username("nobody"), paused)

        assert await stores.accounts.trail(account.id) == [opened, paused]
        assert await stores.accounts.get(account.id) == account

    async def test_the_same_is_noted_again_after_a_day_or_after_something_else(self, stores: Stores) -> None:
        account, first = an_account(), a_line("paused", by=None)
        hour, day = replace(first, at=first.at + timedelta(hours=1)), replace(first, at=first.at + timedelta(days=1))
        await stores.accounts.save(account, first)
        for line in (hour, day):
            await stores.accounts.note(account.username, line)
        changed, after = a_line("disabled"), replace(day, at=day.at + timedelta(minutes=5))
        await stores.accounts.save(replace(account, revision=2), changed)
        await stores.accounts.note(account.username, after)

        assert await stores.accounts.trail(account.id) == [first, day, changed, after]

    async def test_no_account_has_no_log(self, stores: Stores) -> None:
        with pytest.raises(NotFound):
            await stores.accounts.trail(AccountId("unknown"))


class TestSessions:
    async def test_a_session_is_found_by_its_good_token_and_the_one_before(self, stores: Stores) -> None:
        session = a_session("first")
        await stores.sessions.start(session)
        assert await stores.sessions.holding("first") == session

        second = replace(session, digest="second", previous_digest="first", renewed_at=now())
        third = replace(second, digest="third", previous_digest="second")
        assert await stores.sessions.renew(second, held="first")
        assert [await stores.sessions.holding(digest) for digest in ("first", "second")] == [second, second]

        assert await stores.sessions.renew(third, held="second")
        found = [await stores.sessions.holding(digest) for digest in ("first", "second", "third")]

        assert found == [None, third, third]

    async def test_an_ended_session_is_gone_and_stays_so(self, stores: Stores) -> None:
        ended, other = a_session("first"), a_session("other")
        for session in (ended, other):
            await stores.sessions.start(session)
        await stores.sessions.end(ended.id)
        await stores.sessions.end(ended.id)

        assert not await stores.sessions.renew(replace(ended, digest="second"), held="first")
        assert [await stores.sessions.holding(digest) for digest in ("first", "second")] == [None, None]
        assert await stores.sessions.holding("other") == other

    async def test_a_token_is_used_up_once(self, stores: Stores) -> None:
        session = a_session("first")
        await stores.sessions.start(session)
        nexts = [replace(session, digest=f"next {number}") for number in range(10)]
        results = await asyncio.gather(*(stores.sessions.renew(one, held="first") for one in nexts))

        assert sorted(results) == [False] * 9 + [True]


class TestWrongPasswords:
    async def test_attempts_come_back_as_they_were(self, stores: Stores) -> None:
        attempts = Attempts()
        assert await stores.wrong_passwords.of("cadre") == attempts
        for _ in range(5):
            attempts = attempts.failed(now())
            await stores.wrong_passwords.save("cadre", attempts)

        assert await stores.wrong_passwords.of("cadre") == attempts
        assert await stores.wrong_passwords.of("another") == Attempts()

    async def test_two_counted_at_once_are_not_one(self, stores: Stores) -> None:
        first = Attempts().failed(now())
        await stores.wrong_passwords.save("cadre", first)
        with pytest.raises(Stale):
            await stores.wrong_passwords.save("cadre", first)
        await stores.wrong_passwords.save("cadre", first.failed(now()))

        with pytest.raises(Stale):
            await stores.wrong_passwords.save("cadre", first.failed(now()))

    async def test_forgotten_is_as_if_never_counted(self, stores: Stores) -> None:
        await stores.wrong_passwords.save("cadre", Attempts().failed(now()))
        await stores.wrong_passwords.forget("cadre")
        await stores.wrong_passwords.forget("nobody")

        assert await stores.wrong_passwords.of("cadre") == Attempts()

    async def test_one_turn_at_a_time_for_each_username(self, stores: Stores) -> None:
        inside: list[str] = []
        most: list[int] = []

        async def work(username: str) -> None:
            async with stores.wrong_passwords.turn(username):
                inside.append(username)
                await asyncio.sleep(0.001)
                most.append(inside.count(username))
                inside.remove(username)

        await asyncio.gather(*(work(name) for name in ("cadre", "organiser") * 5))

        assert set(most) == {1}

    async def test_text_that_is_no_unicode_is_a_username_like_any_other(self, stores: Stores) -> None:
        await stores.wrong_passwords.save("\ud800", Attempts().failed(now()))

        assert (await stores.wrong_passwords.of("\ud800")).failures == 1
