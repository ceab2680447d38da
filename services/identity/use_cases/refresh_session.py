"""Go on with a sign-in: a new access token and the next refresh token for the one shown."""

from services.identity.domain.refusals import SessionEnded
from services.identity.domain.session import token_digest
from services.identity.use_cases.give_tokens import Bearer
from services.identity.use_cases.ports import Ports


async def refresh_session(refresh_token: str, ports: Ports) -> Bearer:
    """Renew once; the token shown is used up.

    Raises SessionEnded for a token that is unknown, used or expired, and when the account was disabled or its password
    changed since.
    """
    used = token_digest(refresh_token)
    session = await ports.sessions.holding(used)
    account = await ports.accounts.find(session.account_id) if session else None
    if session is None or account is None:
        raise SessionEnded
    now = ports.clock.now()
    bearer = Bearer(await ports.tokens.access(account, now), ports.tokens.refresh())
    if not await ports.sessions.renew(session.renew(account, bearer.refresh_token, now), used=used):
        raise SessionEnded
    return bearer
