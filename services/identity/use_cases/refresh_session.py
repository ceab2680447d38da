"""Go on with a sign-in: a new access token and the next refresh token for the one shown."""

from services.identity.domain.audit import AuditEntry
from services.identity.domain.refusals import SessionEnded, SessionReused
from services.identity.domain.session import token_digest
from services.identity.use_cases.begin_session import Bearer
from services.identity.use_cases.ports import Ports


async def refresh_session(refresh_token: str, ports: Ports) -> Bearer:
    """Renew once; the token shown is used up. Shown again at once it is answered once more, later it ends the sign-in.

    Raises SessionEnded for a token that is unknown or expired, and when the account was disabled or its password
    changed since; SessionReused for one that was used up: whoever used it first and whoever did so now sign in again.

    Overtaken while renewing, it looks once more: it may have been an earlier try of the same request, whose answer was
    lost and is given again.
    """
    bearer = await _renewed(refresh_token, ports) or await _renewed(refresh_token, ports)
    if bearer is None:
        raise SessionEnded
    return bearer


async def _renewed(refresh_token: str, ports: Ports) -> Bearer | None:
    """The next tokens; None when somebody else renewed the sign-in first."""
    digest, now = token_digest(refresh_token), ports.clock.now()
    session = await ports.sessions.holding(digest)
    account = await ports.accounts.find(session.account_id) if session else None
    if session is None or account is None:
        raise SessionEnded
    if session.is_reused(digest, now):
        await ports.audit.record(AuditEntry.of_account("token_reused", account.id, now))
        await ports.sessions.end(session.id)
        raise SessionReused
    next_token = ports.tokens.refresh()
    renewed = session.renew(account, next_token, now)
    access_token = await ports.tokens.access(account, now)
    if not await ports.sessions.renew(renewed, held=session.digest):
        return None
    return Bearer(access_token, next_token, renewed.lasts(now), account.must_change)
