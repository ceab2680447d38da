"""Change one's own password."""

from dataclasses import dataclass

from services.identity.domain.account import Account
from services.identity.domain.password import check_password, composed
from services.identity.domain.refusals import OldPasswordWrong, PasswordUnchanged
from services.identity.domain.trail import TrailEntry
from services.identity.use_cases.begin_session import Bearer, begin_session
from services.identity.use_cases.ports import Ports
from services.identity.use_cases.prove_password import prove_password
from shared.kernel.access import Caller


@dataclass(frozen=True, slots=True)
class ChangePassword:
    """The password that stands and the one to come."""

    by: Caller
    old: str
    new: str


async def change_password(command: ChangePassword, ports: Ports) -> Bearer:
    """Store the new password, end every sign-in of the account, and begin one for who is asking.

    Wrong old passwords count like wrong sign-ins. Raises OldPasswordWrong, SignInPaused, PasswordUnchanged,
    WeakPassword, Stale.
    """
    account = await ports.accounts.get(command.by.account_id)
    check_password(command.new, account.username, ports.common_passwords, field="new_password")
    if composed(command.new) == composed(command.old):
        raise PasswordUnchanged

    async def own() -> Account:
        return account

    if await prove_password(account.username, composed(command.old), own, ports) is None:
        raise OldPasswordWrong
    changed = account.change_password(await ports.passwords.hash(composed(command.new)))
    await ports.accounts.save(changed, TrailEntry("password_changed", account.id, ports.clock.now()))
    return await begin_session(changed, ports)
