"""Sign out: end the sign-in a refresh token belongs to."""

from services.identity.domain.audit import AuditEntry
from services.identity.domain.session import token_digest
from services.identity.use_cases.ports import Ports


async def sign_out(refresh_token: str, ports: Ports) -> None:
    """End it, also by the token used up last: a renewal may be under way. A token of nothing has nothing to end."""
    session = await ports.sessions.holding(token_digest(refresh_token))
    if session is not None:
        await ports.audit.record(AuditEntry.of_account("signed_out", session.account_id, ports.clock.now()))
        await ports.sessions.end(session.id)
