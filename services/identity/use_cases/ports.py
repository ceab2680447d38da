"""What the use cases need of the world."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.identity.domain.account import Account
from services.identity.domain.attempts import Attempts
from services.identity.domain.audit import Audited, AuditEntry
from services.identity.domain.session import Session, SessionId
from services.identity.domain.trail import TrailEntry
from services.identity.domain.username import Username
from shared.kernel.clock import Clock
from shared.kernel.ids import AccountId


@dataclass(frozen=True, slots=True)
class Listing:
    """Which part of the list of accounts: usernames that begin so, after this one, so many."""

    limit: int
    begins: str = ""
    after: str | None = None


@dataclass(frozen=True, slots=True)
class AuditListing:
    """Which part of the audit log: so many, of this account, of this kind, of these moments, before the one seen.

    `since` and `until` go together; `before` is the moment and the id of the last entry seen.
    """

    limit: int
    account_id: AccountId | None = None
    what: Audited | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: tuple[datetime, str] | None = None


class Accounts(Protocol):
    """The accounts, each with the trail of what was done to it; lines are only ever added."""

    async def find(self, account_id: AccountId) -> Account | None:
        """The account, if there is one."""
        ...

    async def get(self, account_id: AccountId) -> Account:
        """The account; raises NotFound."""
        ...

    async def named(self, username: Username) -> Account | None:
        """The account with this username, if there is one."""
        ...

    async def list(self, listing: Listing) -> Sequence[Account]:
        """Accounts by username."""
        ...

    async def save(self, account: Account, line: TrailEntry) -> None:
        """Store the account and what was done to it, both or neither.

        Raises AlreadyThere for its id, UsernameTaken, or Stale.
        """
        ...

    async def note(self, username: Username, line: TrailEntry) -> None:
        """Add a line to the trail of who has the username, if anybody; the account and its revision stay.

        It is left out where the last line says the same and is younger than `line.repeats_since`.
        """
        ...

    async def trail(self, account_id: AccountId) -> Sequence[TrailEntry]:
        """All that was done to the account, the oldest first; raises NotFound."""
        ...

    async def deeds(self, listing: AuditListing) -> Sequence[AuditEntry]:
        """The lines of all trails as entries of the audit log, the newest first; ids stay what they are."""
        ...


class Audit(Protocol):
    """What happened at the door; entries are removed when they were kept for as long as the settings say."""

    async def record(self, entry: AuditEntry) -> None:
        """Add an entry."""
        ...

    async def once(self, entry: AuditEntry) -> None:
        """Add it unless one with its id is there."""
        ...

    async def count(self, entry: AuditEntry) -> None:
        """Add it, or count one more where one with its id is there."""
        ...

    async def list(self, listing: AuditListing) -> Sequence[AuditEntry]:
        """The newest first; of one moment, by id downwards."""
        ...


class Sessions(Protocol):
    """The sign-ins that go on; those past their end may be forgotten."""

    async def start(self, session: Session) -> None:
        """Store a new one."""
        ...

    async def holding(self, digest: str) -> Session | None:
        """The one whose refresh token has this digest: the good one, or the one used up before it."""
        ...

    async def renew(self, session: Session, *, held: str) -> bool:
        """Put the session in its own place while that still holds this digest; False when it was renewed or ended."""
        ...

    async def end(self, session_id: SessionId) -> None:
        """Forget it; nothing renews it any more. One that is gone already stays so."""
        ...


class WrongPasswords(Protocol):
    """How often a wrong password was given for a username; usernames are kept as digests."""

    async def of(self, username: str) -> Attempts:
        """Those that count now or did."""
        ...

    async def save(self, username: str, attempts: Attempts) -> None:
        """Store them; raises Stale when another attempt was counted since they were read."""
        ...

    async def forget(self, username: str) -> None:
        """Start anew."""
        ...

    def turn(self, username: str) -> AbstractAsyncContextManager[None]:
        """Attempts for one username wait for each other in this process, so that none escapes the count."""
        ...


class Passwords(Protocol):
    """Slow hashes, made so that guessing is dear; few at once. Raises Unavailable when too many wait."""

    async def hash(self, password: str) -> str:
        """The hash to store."""
        ...

    async def verify(self, password: str, hashed: str | None) -> bool:
        """Whether the password is the hashed one; without a hash it takes as long and is never right."""
        ...


class Tokens(Protocol):
    """What the bearer shows."""

    async def access(self, account: Account, at: datetime) -> str:
        """A signed token that names the account, its person, its epoch and the roles it may use now."""
        ...

    def refresh(self) -> str:
        """An unguessable text that means nothing."""
        ...


@dataclass(frozen=True, slots=True)
class Ports:
    """Everything a use case may reach; the clock is the machine's, never a steered one.

    `common_passwords` are those everybody guesses first, in small letters.
    """

    accounts: Accounts
    audit: Audit
    sessions: Sessions
    wrong_passwords: WrongPasswords
    passwords: Passwords
    tokens: Tokens
    common_passwords: AbstractSet[str]
    clock: Clock
