"""What the use cases need of the world."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.identity.domain.account import Account
from services.identity.domain.attempts import Attempts
from services.identity.domain.session import Session
from services.identity.domain.username import Username
from shared.kernel.clock import Clock
from shared.kernel.ids import AccountId


@dataclass(frozen=True, slots=True)
class Listing:
    """Which part of the list of accounts: usernames that begin so, after this one, so many."""

    limit: int
    begins: str = ""
    after: str | None = None


class Accounts(Protocol):
    """The accounts."""

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

    async def save(self, account: Account) -> None:
        """Store the account; raises AlreadyThere for its id, UsernameTaken, or Stale."""
        ...


class Sessions(Protocol):
    """The sign-ins that go on; those past their end may be forgotten."""

    async def start(self, session: Session) -> None:
        """Store a new one."""
        ...

    async def holding(self, digest: str) -> Session | None:
        """The one whose good refresh token has this digest."""
        ...

    async def renew(self, session: Session, *, used: str) -> bool:
        """Put the session in the place of the one holding the used digest; False when another did so first."""
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
        """A signed token that names the account, its person and its roles."""
        ...

    def refresh(self) -> str:
        """An unguessable text that means nothing."""
        ...


@dataclass(frozen=True, slots=True)
class Ports:
    """Everything a use case may reach; the clock is the machine's, never a steered one."""

    accounts: Accounts
    sessions: Sessions
    wrong_passwords: WrongPasswords
    passwords: Passwords
    tokens: Tokens
    clock: Clock
