"""Read disposals; each read is written down before anything is shown."""

from collections.abc import Sequence

from services.members.domain.disposal import Disposal
from services.members.domain.refusals import UnknownCase
from services.members.use_cases.access import DESK
from services.members.use_cases.ports import Listing, Ports, RestrictedRead
from shared.kernel.access import Caller
from shared.kernel.ids import CaseId


async def read_disposal(case_id: CaseId, by: Caller, ports: Ports) -> Disposal:
    """One disposal. Raises UnknownCase."""
    disposal = await ports.disposals.find(case_id)
    if disposal is None or not by.may(DESK, disposal.path):
        raise UnknownCase
    await _note(ports, by, (disposal,))
    return disposal


async def list_disposals(
    by: Caller, limit: int, after: tuple[str, ...] | None, ports: Ports
) -> tuple[Sequence[Disposal], bool]:
    """Disposals in scope, the latest decided first, and whether there are more."""
    found = await ports.disposals.list(Listing(by.scopes(DESK), limit + 1, after=after))
    shown = found[:limit]
    await _note(ports, by, shown)
    return shown, len(found) > limit


async def _note(ports: Ports, by: Caller, disposals: Sequence[Disposal]) -> None:
    read_at = ports.clock.now()
    await ports.access_log.note(
        [RestrictedRead(disposal.id, by.account_id, by.person_id, read_at) for disposal in disposals]
    )
