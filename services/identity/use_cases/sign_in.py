"""Sign in with username and password."""

from dataclasses import dataclass

from services.identity.domain.account import Account
from services.identity.domain.audit import AuditEntry
from services.identity.domain.password import composed
from services.identity.domain.refusals import AccountDisabled, SignInRefused
from services.identity.domain.username import Username, could_be, written
from services.identity.use_cases.begin_session import Bearer, begin_session
from services.identity.use_cases.ports import Ports
from services.identity.use_cases.prove_password import prove_password


@dataclass(frozen=True, slots=True)
class SignIn:
    """What was typed."""

    username: str
    password: str


async def sign_in(command: SignIn, ports: Ports) -> Bearer:
    """Give an access token and a refresh token; with an initial password they are good for changing it alone.

    Raises SignInRefused (it takes as long for a username nobody has), SignInPaused, AccountDisabled, Unavailable.
    """
    username = written(command.username)

    async def account() -> Account | None:
        return await ports.accounts.named(Username(username)) if could_be(username) else None

    found = await prove_password(username, composed(command.password), account, ports)
    if found is None:
        raise SignInRefused
    if found.disabled:
        await ports.audit.count(AuditEntry.refused(found.id, ports.clock.now()))
        raise AccountDisabled
    # Written first: no sign-in goes on that the log does not name.
    await ports.audit.record(AuditEntry.of_account("signed_in", found.id, ports.clock.now()))
    return await begin_session(found, ports)
