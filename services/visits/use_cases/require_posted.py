"""Require that a cadre is posted where, and when, something of his happens."""

from datetime import date

from services.visits.domain.refusals import NotPostedThen, UnknownCadre
from services.visits.use_cases.ports import Ports
from shared.kernel.access import OrganisationPath
from shared.kernel.ids import CadreId


async def require_posted(ports: Ports, cadre_id: CadreId, path: OrganisationPath, *, on: date, field: str) -> None:
    """Refuse whom this service knows of no post in or above the township, or of none on that day.

    Raises UnknownCadre, NotPostedThen; the latter blames the `field` the day was given in.
    """
    if await ports.directory.knows_cadre(cadre_id, path, on=on):
        return
    if await ports.directory.knows_cadre(cadre_id, path):
        raise NotPostedThen(day=on, field=field)
    raise UnknownCadre
