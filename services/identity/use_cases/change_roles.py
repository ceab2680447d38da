"""Give an account other roles."""

from dataclasses import dataclass

from services.identity.domain.account import Account
from services.identity.domain.trail import TrailEntry
from services.identity.use_cases.ports import Ports
from shared.kernel.access import Caller, Grant
from shared.kernel.errors import Stale
from shared.kernel.ids import AccountId
from shared.kernel.repeatable import repeatable


@dataclass(frozen=True, slots=True)
class ChangeRoles:
    """All roles the account shall have, in place of those it has."""

    by: Caller
    account_id: AccountId
    seen_revision: int
    grants: tuple[Grant, ...]


@repeatable
async def change_roles(command: ChangeRoles, ports: Ports) -> Account:
    """Store the roles; those that stand already change nothing.

    They hold in the next access token, at the latest in 15 minutes. Raises NotFound, OwnAccount,
    AdministratorStandsAlone, ScopeUnusable, PersonMissing, Stale.
    """
    account = await ports.accounts.get(command.account_id)
    changed = account.change_roles(command.grants, by=command.by.account_id)
    if changed is account:
        return account
    if account.revision != command.seen_revision:
        raise Stale
    line = TrailEntry("roles_changed", command.by.account_id, ports.clock.now(), changed.grants)
    await ports.accounts.save(changed, line)
    return changed
