"""The audit log: who signed in and who could not, what was done to accounts, which keys signed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from services.identity.domain.trail import What
from shared.kernel.access import Grant
from shared.kernel.clock import local_day
from shared.kernel.ids import AccountId, new_id

Happened = Literal["signed_in", "signed_out", "sign_in_refused", "token_reused", "key_published"]
"""What is no deed done to an account: those are in its trail, and the log shows both."""
Audited = What | Happened
LEAST_DAYS = 183
"""Six months: Cybersecurity Law of the PRC, article 21 (3)."""
AUDIT_DAYS = 400
"""Unless told otherwise: a year's review still sees the year before begin."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """What happened, to which account, by whose, when, how often; ids alone, no names, no passwords, no addresses.

    `account_id` is None for a username nobody has and for a key. `times` counts what strangers can do at will: it is
    told once a day for each account, and once for all the usernames nobody has.
    """

    id: str
    what: Audited
    at: datetime
    account_id: AccountId | None = None
    by: AccountId | None = None
    grants: tuple[Grant, ...] = ()
    times: int = 1
    key_id: str | None = None

    @classmethod
    def of_account(cls, what: Happened, account_id: AccountId, at: datetime) -> "AuditEntry":
        """Something its own bearer did."""
        return cls(new_id(), what, at, account_id, account_id)

    @classmethod
    def refused(cls, account_id: AccountId | None, at: datetime) -> "AuditEntry":
        """The day's entry of sign-ins that were refused, the first of them now."""
        return cls(f"refused:{account_id or 'nobody'}:{local_day(at)}", "sign_in_refused", at, account_id)

    @classmethod
    def of_key(cls, key_id: str, at: datetime) -> "AuditEntry":
        """A key that is published from now on."""
        return cls(f"key:{key_id}", "key_published", at, key_id=key_id)
