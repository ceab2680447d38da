"""Begin a sign-in: a short access token, and the refresh token that gets the next one."""

from dataclasses import dataclass
from datetime import timedelta

from services.identity.domain.account import Account
from services.identity.domain.session import ACCESS_LASTS, Session, SessionId
from services.identity.use_cases.ports import Ports
from shared.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class Bearer:
    """Both tokens, as they leave the house; nobody keeps them here.

    With `must_change` they are good for changing the initial password alone.
    """

    access_token: str
    refresh_token: str
    refresh_lasts: timedelta
    must_change: bool
    access_lasts: timedelta = ACCESS_LASTS


async def begin_session(account: Account, ports: Ports) -> Bearer:
    """Begin a sign-in that goes on as long as it is used, a week at most."""
    now = ports.clock.now()
    refresh_token = ports.tokens.refresh()
    session = Session.start(SessionId(new_id()), account, refresh_token, now)
    access_token = await ports.tokens.access(account, now)
    await ports.sessions.start(session)
    return Bearer(access_token, refresh_token, session.lasts(now), account.must_change)
