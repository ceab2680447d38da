"""Set the day from which a township works live."""

from dataclasses import dataclass
from datetime import date

from services.members.domain.refusals import GoLivePassed
from services.members.domain.township import Township
from services.members.domain.trail import noted
from services.members.use_cases.access import visible_township
from services.members.use_cases.ports import Ports
from shared.kernel.access import Caller, Role
from shared.kernel.errors import Stale
from shared.kernel.ids import OrganisationId, TownshipId

KEEPERS = (Role.ORGANISER, Role.SECRETARY, Role.COUNTY_ORGANISER)
"""Who decides a township's times."""
ATTEMPTS = 3
"""So often a write that somebody else overtook is thought over again."""


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

    Who says it first and has seen nothing may be overtaken by who declares a span: he is heard all the same. Raises
    UnknownOrganisation, NotATownship, Forbidden, GoLivePassed once the day has come, GoLivePast, GoLiveInHistory,
    Stale.
    """
    today = ports.clock.today()
    for _ in range(ATTEMPTS):
        township = await township_of(ports, command.by, command.township_id)
        command.by.require(KEEPERS, township.path)
        if township.go_live_on == command.go_live_on:
            return township
        _refuse_late_or_unseen(command, township, today)
        township, fact = township.go_live(command.go_live_on, today=today)
        township = noted(township, "go_live_set", command.by, ports.clock.now())
        try:
            await ports.townships.save(township, fact)
        except Stale:
            continue
        return township
    raise Stale


def _refuse_late_or_unseen(command: SetGoLive, township: Township, today: date) -> None:
    """Raises GoLivePassed, and Stale where the day that stands was not seen by who would change it."""
    if township.go_live_on is not None and township.go_live_on <= today:
        raise GoLivePassed(go_live_on=township.go_live_on)
    seen = command.seen_revision
    if seen is None and township.go_live_on is not None:
        raise Stale
    if seen is not None and seen != township.revision:
        raise Stale
