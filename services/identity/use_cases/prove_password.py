"""Find out whether somebody knows the password, counting wrong answers."""

from collections.abc import Awaitable, Callable

from services.identity.domain.account import Account
from services.identity.domain.audit import AuditEntry
from services.identity.domain.trail import TrailEntry
from services.identity.domain.username import Username, could_be
from services.identity.use_cases.ports import Ports
from shared.kernel.errors import Stale

_TRIES = 5


async def prove_password(
    username: str, password: str, account: Callable[[], Awaitable[Account | None]], ports: Ports
) -> Account | None:
    """The account when the password is right, None when it is wrong or there is no such account.

    A wrong one is counted, the right one ends the count. Raises SignInPaused while too many were wrong, without looking
    at the password.
    """
    async with ports.wrong_passwords.turn(username):
        attempts = await ports.wrong_passwords.of(username)
        attempts.check(ports.clock.now())
        found = await account()
        if not await ports.passwords.verify(password, found.password_hash if found else None):
            await ports.audit.count(AuditEntry.refused(found.id if found else None, ports.clock.now()))
            await _count(username, ports)
            return None
        if attempts.revision:
            await ports.wrong_passwords.forget(username)
        return found


async def _count(username: str, ports: Ports) -> None:
    """Count one wrong password, again when another process counted at the same moment.

    A pause is written into the trail before it begins, by username: whether somebody has it costs the same.
    """
    for _ in range(_TRIES):
        now = ports.clock.now()
        attempts = (await ports.wrong_passwords.of(username)).failed(now)
        if attempts.paused_until is not None and could_be(username):
            await ports.accounts.note(Username(username), TrailEntry("paused", None, now))
        try:
            await ports.wrong_passwords.save(username, attempts)
        except Stale:
            continue
        return
