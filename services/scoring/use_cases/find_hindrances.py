"""Find what hinders the sealing of a period: open objections, reviews that are awaited, an earlier open period."""

from dataclasses import dataclass

from services.scoring.domain.closing import Closing, closing_id, period_before
from services.scoring.domain.periods import Asked
from services.scoring.domain.rule_book import RuleBook
from services.scoring.use_cases.closing_ports import ClosingPorts
from services.scoring.use_cases.reckon_scores import reckon_scores
from services.scoring.use_cases.record_ports import ObjectionListing
from services.scoring.use_cases.township_subjects import township_subjects
from shared.kernel.calendar import Period

_AT_ONCE = 200
_SHOWN = 10
"""So many ids fit into a sentence."""


@dataclass(frozen=True, slots=True)
class Hindrances:
    """How many objections are open, how many branches await their review (the first of them), the earlier period."""

    objections: int = 0
    reviews: int = 0
    reviews_of: tuple[str, ...] = ()
    earlier: str | None = None


async def find_hindrances(closing: Closing, ports: ClosingPorts) -> Hindrances:
    """What is missing before the period can be sealed; nothing of one that was confirmed already."""
    if closing.state != "notice":
        return Hindrances()
    period = Period.parse(closing.period)
    book = ports.scored.generation.book(closing.standard, period)
    awaiting = await _awaiting(closing, book, period, ports)
    return Hindrances(
        objections=await _open_objections(closing, ports),
        reviews=len(awaiting),
        reviews_of=tuple(awaiting[:_SHOWN]),
        earlier=await _earlier(closing, period, ports),
    )


async def _open_objections(closing: Closing, ports: ClosingPorts) -> int:
    scopes, after, count = frozenset({closing.township_id}), None, 0
    while True:
        listing = ObjectionListing(scopes, _AT_ONCE, standard=closing.standard, state="filed", after=after)
        page = await ports.objections.list(listing)
        count += sum(objection.period == closing.period for objection in page)
        if len(page) < _AT_ONCE:
            return count
        after = listing.key(page[-1])


async def _awaiting(closing: Closing, book: RuleBook, period: Period, ports: ClosingPorts) -> list[str]:
    """The branches whose review is awaited (评议待评)."""
    if book.review is None:
        return []
    asked = Asked(period, ((period, book),))
    found: list[str] = []
    async for page in township_subjects(closing.township_id, book, period, ports.scored.directory):
        scored = await reckon_scores(page, asked, ports.scored)
        found += [each.subject.id for each in scored if each.score.awaiting == "review"]
    return found


async def _earlier(closing: Closing, period: Period, ports: ClosingPorts) -> str | None:
    """The score period before, if it has to be sealed first and is not.

    What comes too late for a sealed period is posted to the next one; sealing out of turn would change what was posted.
    """
    before = period_before(ports.scored.generation, closing.standard, period)
    if before is None:
        return None
    times = await ports.scored.directory.township(closing.path)
    if times.go_live_on is None or before.last < times.go_live_on:
        return None
    found = await ports.closings.find(closing_id(closing.standard, closing.township_id, before.name))
    return None if found is not None and found.state == "sealed" else before.name
