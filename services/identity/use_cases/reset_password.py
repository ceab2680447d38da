"""Set somebody's password for him, because he forgot it."""

from dataclasses import dataclass

from services.identity.domain.account import Account
from services.identity.domain.password import check_password, composed
from services.identity.domain.trail import TrailEntry
from services.identity.use_cases.ports import Ports
from shared.kernel.access import Caller
from shared.kernel.errors import Stale
from shared.kernel.ids import AccountId
from shared.kernel.repeatable import repeatable


@dataclass(frozen=True, slots=True)
class ResetPassword:
    """The password the account shall have until its person chooses one."""

    by: Caller
    account_id: AccountId
    seen_revision: int
    password: str


@repeatable
async def reset_password(command: ResetPassword, ports: Ports) -> Account:
    """Store the password as an initial one; every sign-in of the account ends and a pause is lifted.

    The initial password that stands already changes nothing. Raises NotFound, WeakPassword, Stale.
    """
    account = await ports.accounts.get(command.account_id)
    check_password(command.password, account.username, ports.common_passwords)
    if account.must_change and await ports.passwords.verify(composed(command.password), account.password_hash):
        await ports.wrong_passwords.forget(account.username)
        return account
    if account.revision != command.seen_revision:
        raise Stale
    changed = account.reset_password(await ports.passwords.hash(composed(command.password)))
    await ports.accounts.save(changed, TrailEntry("password_reset", command.by.account_id, ports.clock.now()))
    await ports.wrong_passwords.forget(account.username)
    return changed
