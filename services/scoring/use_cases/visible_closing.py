"""Who may read which closing."""

from services.scoring.domain.closing import Closing
from services.scoring.domain.closing_refusals import ClosingUnknown
from services.scoring.use_cases.closing_ports import Closings
from shared.kernel.access import BUSINESS, Caller, Role
from shared.kernel.errors import Forbidden

CLOSING_READERS = (Role.SECRETARY, Role.ORGANISER, Role.COUNTY_ORGANISER)
"""Who follows the closing of a township's periods; the state of a score is read with the score."""


async def visible_closing(closings: Closings, caller: Caller, closing_id: str) -> Closing:
    """The closing, if the caller follows it. Raises ClosingUnknown outside every scope of his, Forbidden inside."""
    closing = await closings.find(closing_id)
    if closing is None:
        raise ClosingUnknown
    if caller.may(CLOSING_READERS, closing.path):
        return closing
    raise Forbidden if caller.may(BUSINESS, closing.path) else ClosingUnknown
