"""What the real store alone can show: what it keeps, and what it removes by itself."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from pymongo.asynchronous.database import AsyncDatabase

from deploy.local.stack import Stack
from services.identity.adapters.mongo import MongoAccounts, MongoSessions, MongoWrongPasswords, prepare
from services.identity.domain.attempts import Attempts
from services.identity.domain.session import Session, SessionId, token_digest
from services.identity.domain.trail import TrailEntry
from services.identity.domain.username import Username
from shared.kernel.clock import wall_now
from shared.kernel.ids import AccountId, new_id
from shared.mongo.client import connect


@pytest.fixture
async def database(mongod: Stack) -> AsyncIterator[AsyncDatabase[Any]]:
    client = connect(mongod.urls["mongodb"])
    database = client[f"identity_{new_id()}"]
    await prepare(database)
    yield database
    await client.drop_database(database)
    await client.close()


async def test_neither_tokens_nor_typed_usernames_are_kept(database: AsyncDatabase[Any]) -> None:
    expires_at = wall_now() + timedelta(hours=12)
    session = Session(SessionId("session"), AccountId("account"), 1, token_digest("the token"), expires_at, expires_at)
    await MongoSessions(database).start(session)
    await MongoWrongPasswords(database).save("a password in the wrong field", Attempts().failed(wall_now()))
    kept = [str(document) for name in ("sessions", "wrong_passwords") async for document in database[name].find()]

    assert len(kept) == 2
    assert not any("the token" in text or "wrong field" in text for text in kept)


async def test_what_has_ended_is_removed_by_the_store(database: AsyncDatabase[Any]) -> None:
    sessions = await database.sessions.index_information()
    attempts = await database.wrong_passwords.index_information()

    assert sessions["expires_at_1"]["expireAfterSeconds"] == 0
    assert attempts["forget_at_1"]["expireAfterSeconds"] == 0


async def test_what_was_kept_before_logs_and_absolute_ends_is_still_read(database: AsyncDatabase[Any]) -> None:
    old: dict[str, Any] = {"username": "old", "person_id": None, "grants": [], "password_hash": "", "disabled": False}
    await database.accounts.insert_one({"_id": "old", **old, "epoch": 1, "preset_hash": None, "revision": 1})
    expires_at = wall_now().replace(microsecond=0) + timedelta(hours=1)
    session = {"account_id": "old", "epoch": 1, "digest": "digest", "expires_at": expires_at}
    await database.sessions.insert_one({"_id": "session", **session})
    accounts, held = MongoAccounts(database), await MongoSessions(database).holding("digest")
    await accounts.note(Username("old"), TrailEntry("paused", None, expires_at))

    assert (await accounts.get(AccountId("old"))).must_change is False
    assert [line.what for line in await accounts.trail(AccountId("old"))] == ["paused"]
    assert held is not None
    assert held.ends_at == expires_at


async def test_a_sign_in_is_looked_up_by_indexes(database: AsyncDatabase[Any]) -> None:
    await database.command("profile", 2)
    await MongoSessions(database).holding("digest")
    await database.command("profile", 0)
    (asked,) = await database["system.profile"].find({"op": "query"}).to_list()

    assert "COLLSCAN" not in asked["planSummary"]


async def test_making_the_indexes_again_changes_nothing(database: AsyncDatabase[Any]) -> None:
    await prepare(database)
