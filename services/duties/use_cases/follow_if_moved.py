"""Follow an organisation that moved while something was stored there."""

from services.duties.domain.meeting import Meeting
from services.duties.domain.weak_organisation import WeakOrganisation
from services.duties.use_cases.ports import Ports
from shared.kernel.ids import OrganisationId


async def follow_if_moved(thing: Meeting | WeakOrganisation, ports: Ports) -> None:
    """The organisation may have moved between reading its place and storing the thing there, now or the first time.

    Who learns of a move takes along only what is stored already; what comes later looks again itself.
    """
    id_ = thing.branch_id if isinstance(thing, Meeting) else thing.organisation_id
    place = await ports.directory.place(OrganisationId(id_))
    if place is None or place == thing.path:
        return
    if isinstance(thing, Meeting):
        await ports.meetings.moved(thing.branch_id, place)
    else:
        await ports.weak_organisations.moved(thing.organisation_id, place)
