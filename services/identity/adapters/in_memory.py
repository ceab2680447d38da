"""identity's stores in dictionaries; they behave as those in `mongo.py` do."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from services.identity.adapters.turns import Turns
from services.identity.domain.account import Account
from services.identity.domain.attempts import Attempts
from services.identity.domain.audit import AuditEntry
from services.identity.domain.refusals import UsernameTaken
from services.identity.domain.session import Session, SessionId
from services.identity.domain.trail import TrailEntry
from services.identity.domain.username import Username
from services.identity.use_cases.ports import AuditListing, Listing
from shared.kernel.errors import AlreadyThere, NotFound, Stale
from shared.kernel.ids import AccountId


class InMemoryAccounts:
    """The accounts and their logs."""

    def __init__(self) -> None:
        self._accounts: dict[AccountId, Account] = {}
        self._trails: dict[AccountId, list[TrailEntry]] = {}

    async def find(self, account_id: AccountId) -> Account | None:
        """The account, if there is one."""
        return self._accounts.get(account_id)

    async def get(self, account_id: AccountId) -> Account:
        """The account; raises NotFound."""
        account = self._accounts.get(account_id)
        if account is None:
            raise NotFound
        return account

    async def named(self, username: Username) -> Account | None:
        """The account with this username, if there is one."""
        return next((account for account in self._accounts.values() if account.username == username), None)

    async def list(self, listing: Listing) -> Sequence[Account]:
        """Accounts by username."""
        found = sorted(
            (
                account
                for account in self._accounts.values()
                if account.username.startswith(listing.begins)
                and (listing.after is None or account.username > listing.after)
            ),
            key=lambda account: account.username,
        )
        return found[: listing.limit]

    async def save(self, account: Account, line: TrailEntry | None = None) -> None:
        """Store the account and what was done to it; a test may have one to which nothing was done.

        Raises AlreadyThere for its id, UsernameTaken, or Stale.
        """
        stands = self._accounts.get(account.id)
        if account.revision == 1:
            if stands is not None:
                raise AlreadyThere
            if await self.named(account.username) is not None:
                raise UsernameTaken(username=account.username)
        elif stands is None or stands.revision != account.revision - 1:
            raise Stale
        self._accounts[account.id] = account
        self._trails.setdefault(account.id, []).extend([] if line is None else [line])

    async def note(self, username: Username, line: TrailEntry) -> None:
        """Add a line to the trail of who has the username, if anybody, unless the last one says the same."""
        account = await self.named(username)
        if account is None:
            return
        lines = self._trails[account.id]
        if lines and lines[-1].what == line.what and lines[-1].at > line.repeats_since:
            return
        lines.append(line)

    async def trail(self, account_id: AccountId) -> Sequence[TrailEntry]:
        """All that was done to the account, the oldest first; raises NotFound."""
        await self.get(account_id)
        return list(self._trails[account_id])

    async def deeds(self, listing: AuditListing) -> Sequence[AuditEntry]:
        """The lines of all trails as entries of the audit log, the newest first."""
        return _newest(
            (
                AuditEntry(f"{id_}:{number}", line.what, line.at, id_, line.by, line.grants)
                for id_, lines in self._trails.items()
                for number, line in enumerate(lines, start=1_000_000)
            ),
            listing,
        )


class InMemoryAudit:
    """What happened at the door."""

    def __init__(self) -> None:
        self._entries: dict[str, AuditEntry] = {}

    async def record(self, entry: AuditEntry) -> None:
        """Add an entry."""
        self._entries[entry.id] = entry

    async def once(self, entry: AuditEntry) -> None:
        """Add it unless one with its id is there."""
        self._entries.setdefault(entry.id, entry)

    async def count(self, entry: AuditEntry) -> None:
        """Add it, or count one more where one with its id is there."""
        there = self._entries.get(entry.id)
        self._entries[entry.id] = entry if there is None else replace(there, times=there.times + 1)

    async def list(self, listing: AuditListing) -> Sequence[AuditEntry]:
        """The newest first; of one moment, by id downwards."""
        return _newest(self._entries.values(), listing)


def _newest(entries: Iterable[AuditEntry], listing: AuditListing) -> list[AuditEntry]:
    found = (
        each
        for each in entries
        if listing.account_id in {None, each.account_id}
        and listing.what in {None, each.what}
        and (listing.since is None or listing.since <= each.at)
        and (listing.until is None or each.at < listing.until)
        and (listing.before is None or (each.at, each.id) < listing.before)
    )
    return sorted(found, key=lambda each: (each.at, each.id), reverse=True)[: listing.limit]


class InMemorySessions:
    """The sign-ins that go on."""

    def __init__(self) -> None:
        self._sessions: dict[SessionId, Session] = {}

    async def start(self, session: Session) -> None:
        """Store a new one."""
        self._sessions[session.id] = session

    async def holding(self, digest: str) -> Session | None:
        """The one whose refresh token has this digest: the good one, or the one used up before it."""
        found = (one for one in self._sessions.values() if digest in {one.digest, one.previous_digest})
        return next(found, None)

    async def renew(self, session: Session, *, held: str) -> bool:
        """Put the session in its own place while that still holds this digest; False when it was renewed or ended."""
        stands = self._sessions.get(session.id)
        if stands is None or stands.digest != held:
            return False
        self._sessions[session.id] = session
        return True

    async def end(self, session_id: SessionId) -> None:
        """Forget it."""
        self._sessions.pop(session_id, None)


class InMemoryWrongPasswords(Turns):
    """How often a wrong password was given for a username."""

    def __init__(self) -> None:
        super().__init__()
        self._attempts: dict[str, Attempts] = {}

    async def of(self, username: str) -> Attempts:
        """Those that count now or did."""
        return self._attempts.get(username, Attempts())

    async def save(self, username: str, attempts: Attempts) -> None:
        """Store them; raises Stale when another attempt was counted since they were read."""
        if (await self.of(username)).revision != attempts.revision - 1:
            raise Stale
        self._attempts[username] = attempts

    async def forget(self, username: str) -> None:
        """Start anew."""
        self._attempts.pop(username, None)
