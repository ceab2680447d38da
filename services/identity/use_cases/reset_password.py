"""Set somebody's password for him, because he forgot it."""

from dataclasses import dataclass

from services.identity.domain.account import Account
from services.identity.domain.password import check_password, composed
from services.identity.use_cases.ports import Ports
from shared.kernel.errors import Stale
from shared.kernel.ids import AccountId


@dataclass(frozen=True, slots=True)
class ResetPassword:
    """The password the account shall have."""

    account_id: AccountId
    seen_revision: int
    password: str


async def reset_password(command: ResetPassword, ports: Ports) -> Account:
    """Store the password; every sign-in of the account ends and a pause is lifted.

    The password that stands already changes nothing. Raises NotFound, PasswordTooShort, PasswordIsUsername, Stale.
    """
    account = await ports.accounts.get(command.account_id)
    check_password(command.password, account.username)
    if await ports.passwords.verify(composed(command.password), account.password_hash):
        await ports.wrong_passwords.forget(account.username)
        return account
    if account.revision != command.seen_revision:
        raise Stale
    changed = account.change_password(await ports.passwords.hash(composed(command.password)))
    await ports.accounts.save(changed)
    await ports.wrong_passwords.forget(account.username)
    return changed
