"""Disable an account, or enable it again."""

from dataclasses import dataclass

from services.identity.domain.account import Account
from services.identity.domain.trail import TrailEntry, What
from services.identity.use_cases.ports import Ports
from shared.kernel.access import Caller
from shared.kernel.errors import Stale
from shared.kernel.ids import AccountId
from shared.kernel.repeatable import repeatable


@dataclass(frozen=True, slots=True)
class DisableAccount:
    """Whether the account shall be shut."""

    by: Caller
    account_id: AccountId
    seen_revision: int
    disabled: bool


@repeatable
async def disable_account(command: DisableAccount, ports: Ports) -> Account:
    """Store it; what stands already changes nothing.

    Shutting ends every sign-in at once: no refresh token is renewed, and an access token is refused here at once and
    runs out elsewhere within 15 minutes. Raises NotFound, OwnAccount, Stale.
    """
    account = await ports.accounts.get(command.account_id)
    changed = account.change_disabled(disabled=command.disabled, by=command.by.account_id)
    if changed is account:
        return account
    if account.revision != command.seen_revision:
        raise Stale
    what: What = "disabled" if changed.disabled else "enabled"
    await ports.accounts.save(changed, TrailEntry(what, command.by.account_id, ports.clock.now()))
    return changed
