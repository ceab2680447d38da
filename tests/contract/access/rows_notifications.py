"""Who is told of what is due, and who may decide about it."""

from shared.kernel.access import Role
from tests.contract.access.matrix import BUSINESS, CADRE, DESK, OVERSIGHT, Row

_INBOX, _OBLIGATIONS = "/api/notifications/inbox", "/api/notifications/obligations"
_TOLD = CADRE | {Role.BRANCH_SECRETARY}
"""Who has entries of his own: what he owes himself, or the branch he leads."""
_OBLIGATION = {"obligation_id": "obligation"}

ROWS = (
    Row(f"GET {_INBOX}", may=DESK, own=_TOLD, knocks=BUSINESS, lists=("obligation",)),
    Row(
        f"PUT {_INBOX}/{{obligation_id}}/read",
        may=DESK,
        own=_TOLD,
        knocks=BUSINESS,
        ids=_OBLIGATION,
        seen=1,
    ),
    Row(f"GET {_OBLIGATIONS}", may=OVERSIGHT, own=CADRE, lists=("obligation",)),
    Row(f"GET {_OBLIGATIONS}/{{obligation_id}}", may=OVERSIGHT, own=CADRE, ids=_OBLIGATION),
    Row(
        f"PUT {_OBLIGATIONS}/{{obligation_id}}/waiver",
        may=DESK,
        ids=_OBLIGATION,
        seen=3,
        body={"reason": "leave"},
    ),
    Row("GET /api/notifications/regulations", may=BUSINESS, at=None),
)
