"""identity's stores in MongoDB: accounts, sign-ins, wrong passwords; each change is one write to one document.

What is done to an account is pushed into its document by that same write, so no deed is without its line.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import DuplicateKeyError

from services.identity.adapters import mongo_audit
from services.identity.adapters.mongo_audit import between
from services.identity.adapters.turns import Turns
from services.identity.domain.account import Account
from services.identity.domain.attempts import Attempts
from services.identity.domain.audit import AUDIT_DAYS, AuditEntry
from services.identity.domain.refusals import UsernameTaken
from services.identity.domain.session import Session, SessionId
from services.identity.domain.trail import TrailEntry
from services.identity.domain.username import Username
from services.identity.use_cases.ports import AuditListing, Listing
from shared.kernel.access import Grant, Role
from shared.kernel.errors import AlreadyThere, NotFound, Stale
from shared.kernel.ids import AccountId, PersonId
from shared.mongo.client import Document
from shared.mongo.documents import storable
from shared.mongo.errors import store_errors

Database = AsyncDatabase[Document]
_AFTER_ALL_LETTERS = "\uffff"
_UNREAD = {"trail": 0}
_FIRST_LINE = 1_000_000
"""Lines are named from here on, so that names of one length sort as the lines do."""


async def prepare(database: Database, audit_days: int = AUDIT_DAYS) -> None:
    """Make the indexes; what is past its end is removed by MongoDB itself, which goes by wall time as we do."""
    with store_errors():
        await mongo_audit.prepare(database, audit_days)
        await database.accounts.create_index("username", unique=True)
        await database.sessions.create_index("digest", unique=True)
        await database.sessions.create_index("previous_digest")
        await database.sessions.create_index("expires_at", expireAfterSeconds=0)
        await database.wrong_passwords.create_index("forget_at", expireAfterSeconds=0)


class MongoAccounts:
    """The accounts with their logs; a username is unique by an index."""

    def __init__(self, database: Database) -> None:
        self._accounts = database.accounts

    async def find(self, account_id: AccountId) -> Account | None:
        """The account, if there is one."""
        with store_errors():
            document = await self._accounts.find_one({"_id": account_id}, _UNREAD)
        return None if document is None else _account(document)

    async def get(self, account_id: AccountId) -> Account:
        """The account; raises NotFound."""
        account = await self.find(account_id)
        if account is None:
            raise NotFound
        return account

    async def named(self, username: Username) -> Account | None:
        """The account with this username, if there is one."""
        with store_errors():
            document = await self._accounts.find_one({"username": username}, _UNREAD)
        return None if document is None else _account(document)

    async def list(self, listing: Listing) -> Sequence[Account]:
        """Accounts by username; usernames compare by code point."""
        bounds: dict[str, str] = {"$gte": listing.begins, "$lt": listing.begins + _AFTER_ALL_LETTERS}
        if listing.after is not None:
            bounds["$gt"] = listing.after
        with store_errors():
            cursor = self._accounts.find({"username": bounds}, _UNREAD).sort("username", 1).limit(listing.limit)
            return [_account(document) async for document in cursor]

    async def save(self, account: Account, line: TrailEntry) -> None:
        """Store the account and what was done to it; raises AlreadyThere for its id, UsernameTaken, or Stale."""
        fields = storable(account)
        account_id = fields.pop("id")
        if account.revision == 1:
            try:
                with store_errors():
                    await self._accounts.insert_one({"_id": account_id, **fields, "trail": [storable(line)]})
            except DuplicateKeyError as error:
                if "username" in (error.details or {}).get("keyPattern", {}):
                    raise UsernameTaken(username=account.username) from error
                raise AlreadyThere from error
            return
        with store_errors():
            written = await self._accounts.update_one(
                {"_id": account_id, "revision": account.revision - 1},
                {"$set": fields, "$push": {"trail": storable(line)}},
            )
        if written.matched_count == 0:
            raise Stale

    async def note(self, username: Username, line: TrailEntry) -> None:
        """Add a line to the trail of who has the username, if anybody, unless the last one says the same."""
        same = {"$eq": [{"$last": "$trail.what"}, line.what]}
        young = {"$gt": [{"$last": "$trail.at"}, line.repeats_since]}
        news = {"username": username, "$expr": {"$not": [{"$and": [same, young]}]}}
        with store_errors():
            await self._accounts.update_one(news, {"$push": {"trail": storable(line)}})

    async def trail(self, account_id: AccountId) -> Sequence[TrailEntry]:
        """All that was done to the account, the oldest first; raises NotFound."""
        with store_errors():
            document = await self._accounts.find_one({"_id": account_id}, {"trail": 1})
        if document is None:
            raise NotFound
        return [_line(entry) for entry in document.get("trail", ())]

    async def deeds(self, listing: AuditListing) -> Sequence[AuditEntry]:
        """The lines of all trails as entries of the audit log, the newest first.

        Sorted in memory: a trail grows by what administrators do, and by one line a day at most from outside.
        """
        lines: dict[str, Any] = between(listing, "trail.at", "line")
        if listing.what is not None:
            lines["trail.what"] = listing.what
        stages: list[dict[str, Any]] = [
            {"$match": {} if listing.account_id is None else {"_id": listing.account_id}},
            {"$unwind": {"path": "$trail", "includeArrayIndex": "number"}},
            {"$set": {"line": {"$concat": ["$_id", ":", {"$toString": {"$add": ["$number", _FIRST_LINE]}}]}}},
            {"$match": lines},
            {"$sort": {"trail.at": -1, "line": -1}},
            {"$limit": listing.limit},
            {"$project": {"trail": 1, "line": 1}},
        ]
        with store_errors():
            cursor = await self._accounts.aggregate(stages)
            found = [(document["line"], document["_id"], _line(document["trail"])) async for document in cursor]
        return [AuditEntry(line, each.what, each.at, AccountId(id_), each.by, each.grants) for line, id_, each in found]


def _account(document: Mapping[str, Any]) -> Account:
    person_id = document["person_id"]
    return Account(
        id=AccountId(document["_id"]),
        username=Username(document["username"]),
        person_id=None if person_id is None else PersonId(person_id),
        grants=_grants(document["grants"]),
        password_hash=document["password_hash"],
        disabled=document["disabled"],
        must_change=document.get("must_change", False),
        epoch=document["epoch"],
        preset_hash=document["preset_hash"],
        revision=document["revision"],
    )


def _line(entry: Mapping[str, Any]) -> TrailEntry:
    by = entry["by"]
    return TrailEntry(entry["what"], None if by is None else AccountId(by), entry["at"], _grants(entry["grants"]))


def _grants(entries: Sequence[Mapping[str, str]]) -> tuple[Grant, ...]:
    return tuple(Grant(Role(entry["role"]), entry["scope"]) for entry in entries)


class MongoSessions:
    """The sign-ins that go on, found by the digest of the one refresh token that is good, or of the one before it."""

    def __init__(self, database: Database) -> None:
        self._sessions = database.sessions

    async def start(self, session: Session) -> None:
        """Store a new one."""
        fields = storable(session)
        with store_errors():
            await self._sessions.insert_one({"_id": fields.pop("id"), **fields})

    async def holding(self, digest: str) -> Session | None:
        """The one whose refresh token has this digest: the good one, or the one used up before it."""
        with store_errors():
            document = await self._sessions.find_one({"$or": [{"digest": digest}, {"previous_digest": digest}]})
        if document is None:
            return None
        return Session(
            id=SessionId(document["_id"]),
            account_id=AccountId(document["account_id"]),
            epoch=document["epoch"],
            digest=document["digest"],
            expires_at=document["expires_at"],
            ends_at=document.get("ends_at") or document["expires_at"],
            previous_digest=document.get("previous_digest"),
            renewed_at=document.get("renewed_at"),
        )

    async def renew(self, session: Session, *, held: str) -> bool:
        """Put the session in its own place while that still holds this digest; False when it was renewed or ended."""
        fields = storable(session)
        with store_errors():
            written = await self._sessions.update_one({"_id": fields.pop("id"), "digest": held}, {"$set": fields})
        return bool(written.matched_count)

    async def end(self, session_id: SessionId) -> None:
        """Forget it."""
        with store_errors():
            await self._sessions.delete_one({"_id": session_id})


class MongoWrongPasswords(Turns):
    """How often a wrong password was given for a username.

    Kept under a digest: people type their password into the wrong field, and it must not be stored.
    """

    def __init__(self, database: Database) -> None:
        super().__init__()
        self._attempts = database.wrong_passwords

    async def of(self, username: str) -> Attempts:
        """Those that count now or did."""
        with store_errors():
            document = await self._attempts.find_one({"_id": _digest(username)})
        if document is None:
            return Attempts()
        return Attempts(document["failures"], document["paused_until"], document["forget_at"], document["revision"])

    async def save(self, username: str, attempts: Attempts) -> None:
        """Store them; raises Stale when another attempt was counted since they were read."""
        fields = storable(attempts)
        with store_errors():
            if attempts.revision == 1:
                try:
                    await self._attempts.insert_one({"_id": _digest(username), **fields})
                except DuplicateKeyError as error:
                    raise Stale from error
                return
            written = await self._attempts.update_one(
                {"_id": _digest(username), "revision": attempts.revision - 1}, {"$set": fields}
            )
        if written.matched_count == 0:
            raise Stale

    async def forget(self, username: str) -> None:
        """Start anew."""
        with store_errors():
            await self._attempts.delete_one({"_id": _digest(username)})


def _digest(username: str) -> str:
    return hashlib.sha256(username.encode("utf-8", errors="replace")).hexdigest()
