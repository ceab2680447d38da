"""The closings of the walk through scoring: in each home the cadres' first quarter, its notice at an end."""

from datetime import date, datetime

from services.scoring.domain.closing import Closing
from services.scoring.domain.deed_procedure import Notice
from services.scoring.use_cases.closing_ports import ClosingPorts
from shared.kernel.access import OrganisationPath, Role
from shared.kernel.clock import start_of_day
from shared.testing.access import a_caller
from tests.contract.access.in_memory import Service
from tests.contract.access.places import HOMES

_OPENED_AT: datetime = start_of_day(date(2023, 4, 3))


async def closings(service: Service, ports: ClosingPorts) -> None:
    """One closing in each home, opened by an organiser, whose notice is over."""
    for home in HOMES:
        closing, opened = Closing.open(
            "cadre",
            OrganisationPath(home.segments("township")),
            "2023-Q1",
            notice=Notice(date(2023, 4, 10)),
            by=a_caller(Role.ORGANISER, home.township),
            at=_OPENED_AT,
        )
        await ports.closings.save(closing, opened)
        service.named["closing", home] = closing.id
