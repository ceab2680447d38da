"""What the real store alone can show: what it keeps, and what it removes by itself."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from pymongo.asynchronous.database import AsyncDatabase

from deploy.local.stack import Stack
from services.identity.adapters.mongo import MongoSessions, MongoWrongPasswords, prepare
from services.identity.domain.attempts import Attempts
from services.identity.domain.session import Session, SessionId, token_digest
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
    session = Session(SessionId("session"), AccountId("account"), 1, token_digest("the token"), expires_at)
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


async def test_making_the_indexes_again_changes_nothing(database: AsyncDatabase[Any]) -> None:
    await prepare(database)
