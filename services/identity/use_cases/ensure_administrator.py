"""See to it that somebody can begin: the account `admin`, made at the first start."""

from dataclasses import replace

from services.identity.domain.account import PLATFORM, Account
from services.identity.domain.password import check_length, composed
from services.identity.domain.trail import TrailEntry, What
from services.identity.domain.username import Username
from services.identity.use_cases.ports import Ports
from shared.kernel.access import Grant, Role
from shared.kernel.errors import Conflict
from shared.kernel.ids import AccountId, derived_id

ADMIN = Username("admin")
_ADMIN_ID = AccountId(derived_id("identity", "account", ADMIN))


class NoAdministrator(Exception):
    """There is no account `admin` and no password to make one with: nobody could ever sign in."""


async def ensure_administrator(preset: str | None, ports: Ports) -> None:
    """Make `admin` with the preset password, or apply a preset that is new since the last start.

    A preset that was applied before changes nothing, so that a password changed since stays changed; a new one is how
    an administrator who lost the password gets in again, at once: what was guessed wrong before is forgotten.
    A preset is the operator's own and need not be changed. Raises NoAdministrator, PasswordTooShort.
    """
    account = await ports.accounts.named(ADMIN)
    if preset is None:
        if account is None:
            raise NoAdministrator
        return
    if account is not None and await ports.passwords.verify(composed(preset), account.preset_hash):
        return
    check_length(preset)
    hashed = await ports.passwords.hash(composed(preset))
    what: What = "restored" if account else "opened"
    if account is None:
        grants = (Grant(Role.ADMINISTRATOR, PLATFORM),)
        account = Account.open(_ADMIN_ID, username=ADMIN, person_id=None, grants=grants, password_hash=hashed)
        account = replace(account, preset_hash=hashed)
    else:
        account = account.restore(hashed)
    try:
        await ports.accounts.save(account, TrailEntry(what, None, ports.clock.now(), account.grants))
    except Conflict:
        return  # another process starting beside this one was first
    await ports.wrong_passwords.forget(ADMIN)
