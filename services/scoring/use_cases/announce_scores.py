"""Announce scores that are now others than was last said."""

from dataclasses import dataclass

from services.scoring.domain.rule_book import decimal_points
from services.scoring.domain.score import Score, score
from services.scoring.domain.subject import Subject
from services.scoring.use_cases.access import known_subject
from services.scoring.use_cases.ports import Announcement, Behind, Ports
from shared.events.base import Event, Fact
from shared.events.scoring import ScoreChanged
from shared.kernel.calendar import Period
from shared.kernel.errors import NotFound
from shared.kernel.ids import EventId, derived_id

_SOURCE = "scoring"
_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Round:
    """How many cards were announced, and how many wait because their subject is not known yet."""

    announced: int = 0
    waiting: int = 0


async def announce_scores(ports: Ports) -> Round:
    """Record one `ScoreChanged` for each card whose state was not announced.

    The cards say what is true and the announcements what was said, so a crash between the two repeats nothing and
    loses nothing. Many changes of a card in a short time are one announcement. A card whose subject is not known yet
    waits until members' facts bring it.
    """
    done = waiting = 0
    announcements: list[Announcement] = []
    cards: list[Behind] = []
    async for behind in ports.cards.behind():
        announcement = await _announcement(behind, ports)
        if announcement is None:
            waiting += 1
            continue
        announcements.append(announcement)
        cards.append(behind)
        if len(cards) == _AT_ONCE:
            done += await _record(announcements, cards, ports)
            announcements, cards = [], []
    done += await _record(announcements, cards, ports)
    return Round(done, waiting)


async def _record(announcements: list[Announcement], cards: list[Behind], ports: Ports) -> int:
    if cards:
        await ports.announcements.announce(announcements)
        await ports.cards.caught_up(cards)
    return len(cards)


async def _announcement(behind: Behind, ports: Ports) -> Announcement | None:
    card = behind.card
    period = Period.parse(card.key.period)
    book = ports.generation.book(card.key.standard, period)
    try:
        subject = await known_subject(ports.directory, card.key.standard, card.key.subject_id, book, period)
    except NotFound:
        return None
    scored = score(card, book)
    names = (card.key.standard, card.key.subject_id, card.key.period)
    fact: Fact[Event] = Fact(
        id=EventId(derived_id("score-changed", ports.generation.id, *names, scored.card_digest)),
        source=_SOURCE,
        subject="/".join(names),
        revision=card.size,
        recorded_at=ports.clock.now(),
        path=subject.home,
        event=_event(scored, subject, ports),
    )
    return Announcement(card.key, card.size, fact)


def _event(scored: Score, subject: Subject, ports: Ports) -> ScoreChanged:
    attainable = scored.attainable
    return ScoreChanged(
        standard=scored.key.standard,
        subject_id=subject.id,
        organisation_id=subject.home.organisation_id,
        period=scored.key.period,
        generation=ports.generation.id,
        book_version=scored.book.version,
        state="live",
        card_digest=scored.card_digest,
        points=None if scored.points is None else decimal_points(scored.points),
        items=decimal_points(scored.items),
        attainable=None if attainable is None else decimal_points(attainable),
        occurred_on=ports.clock.today(),
    )
