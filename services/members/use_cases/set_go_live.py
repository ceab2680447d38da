"""Set the day from which a township works live."""

from dataclasses import dataclass
from datetime import date

from services.members.domain.refusals import GoLivePassed
from services.members.domain.township import Township
from services.members.use_cases.access import visible_township
from services.members.use_cases.ports import Ports
from shared.kernel.access import Caller, Role
from shared.kernel.errors import Stale
from shared.kernel.ids import OrganisationId, TownshipId

KEEPERS = (Role.ORGANISER, Role.SECRETARY, Role.COUNTY_ORGANISER)
"""Who decides a township's times."""


@dataclass(frozen=True, slots=True)
class SetGoLive:
    """Which township, from when; the first time nothing was seen yet."""

    by: Caller
    township_id: OrganisationId
    seen_revision: int | None
    go_live_on: date


async def township_of(ports: Ports, by: Caller, township_id: OrganisationId) -> Township:
    """The township's times, empty while nothing was set. Raises UnknownOrganisation, NotATownship."""
    organisation = await visible_township(ports, by, township_id)
    township = await ports.townships.find(organisation.id)
    return township or Township(TownshipId(organisation.id), organisation.path)


async def set_go_live(command: SetGoLive, ports: Ports) -> Township:
    """Store the day; saying again what stands changes nothing.

    Raises UnknownOrganisation, NotATownship, Forbidden, GoLivePassed once the day has come, GoLiveInHistory, Stale.
    """
    township = await township_of(ports, command.by, command.township_id)
    command.by.require(KEEPERS, township.path)
    if township.go_live_on == command.go_live_on:
        return township
    today = ports.clock.today()
    if township.go_live_on is not None and township.go_live_on <= today:
        raise GoLivePassed(go_live_on=township.go_live_on)
    seen = command.seen_revision
    if seen is None and township.go_live_on is not None:
        raise Stale
    if seen is not None and seen != township.revision:
        raise Stale
    township, fact = township.go_live(command.go_live_on, today=today)
    await ports.townships.save(township, fact)
    return township
