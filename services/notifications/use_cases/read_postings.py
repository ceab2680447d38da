"""Read the postings of a cadre that count in a week."""

from collections.abc import Sequence

from services.notifications.domain.township import Posting, township_of
from services.notifications.use_cases.ports import Ports
from shared.events.base import Entry
from shared.kernel.calendar import Period
from shared.kernel.ids import CadreId


async def read_postings(cadre_id: CadreId, week: Period, entry: Entry, ports: Ports) -> Sequence[Posting]:
    """Those in townships that work live since the week's Monday; of a history span, all.

    Each hangs where its organisation hung when the week began, so that a branch that moves later takes no week along.
    """
    postings = await ports.directory.postings_of(cadre_id, week.first)
    if entry == "history":
        return postings
    return [posting for posting in postings if await _is_live(posting, week, ports)]


async def _is_live(posting: Posting, week: Period, ports: Ports) -> bool:
    township_id = township_of(posting.path)
    go_live_on = None if township_id is None else await ports.directory.go_live_on(township_id)
    return go_live_on is not None and go_live_on <= week.first
