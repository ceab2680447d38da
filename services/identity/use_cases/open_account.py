"""Open an account for a person, or for an administrator."""

from dataclasses import dataclass, replace

from services.identity.domain.account import Account
from services.identity.domain.password import check_password, composed
from services.identity.domain.refusals import AccountIdTaken
from services.identity.domain.trail import TrailEntry
from services.identity.domain.username import username
from services.identity.use_cases.ports import Ports
from shared.kernel.access import Caller, Grant
from shared.kernel.errors import AlreadyThere
from shared.kernel.ids import AccountId, PersonId


@dataclass(frozen=True, slots=True)
class OpenAccount:
    """The account as the administrator wants it; the id is made by the client.

    `must_change`: the password is an initial one, good for choosing another.
    """

    by: Caller
    account_id: AccountId
    username: str
    person_id: PersonId | None
    grants: tuple[Grant, ...]
    password: str
    must_change: bool


async def open_account(command: OpenAccount, ports: Ports) -> Account:
    """Store the account once; the same request again gives the one that is there.

    "The same" includes the password: it must still be the account's. Raises UsernameUnusable, WeakPassword,
    AdministratorStandsAlone, ScopeUnusable, PersonMissing, UsernameTaken, and AccountIdTaken when the id names another
    account.
    """
    name = username(command.username)
    check_password(command.password, name, ports.common_passwords)
    account = Account.open(
        command.account_id,
        username=name,
        person_id=command.person_id,
        grants=command.grants,
        must_change=command.must_change,
    )
    standing = await ports.accounts.find(command.account_id)
    if standing is not None:
        return await _the_same(standing, account, command, ports)
    account = replace(account, password_hash=await ports.passwords.hash(composed(command.password)))
    try:
        line = TrailEntry("opened", command.by.account_id, ports.clock.now(), account.grants)
        await ports.accounts.save(account, line)
    except AlreadyThere:
        standing = await ports.accounts.find(command.account_id)
        if standing is None:
            raise
        return await _the_same(standing, account, command, ports)
    return account


async def _the_same(standing: Account, wanted: Account, command: OpenAccount, ports: Ports) -> Account:
    if not standing.is_like(wanted) or not await ports.passwords.verify(
        composed(command.password), standing.password_hash
    ):
        raise AccountIdTaken
    return standing
