"""What a person carries once signed in: a short access token, and the refresh token that gets the next one."""

from dataclasses import dataclass
from datetime import timedelta

from services.identity.domain.account import Account
from services.identity.domain.session import ACCESS_LASTS, SESSION_LASTS, Session, SessionId
from services.identity.use_cases.ports import Ports
from shared.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class Bearer:
    """Both tokens, as they leave the house; nobody keeps them here."""

    access_token: str
    refresh_token: str
    access_lasts: timedelta = ACCESS_LASTS
    refresh_lasts: timedelta = SESSION_LASTS


async def begin_session(account: Account, ports: Ports) -> Bearer:
    """Begin a sign-in that goes on as long as it is used."""
    now = ports.clock.now()
    bearer = Bearer(await ports.tokens.access(account, now), ports.tokens.refresh())
    await ports.sessions.start(Session.start(SessionId(new_id()), account, bearer.refresh_token, now))
    return bearer
