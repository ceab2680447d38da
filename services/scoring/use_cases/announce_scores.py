"""Announce scores that are now others than was last said."""

from datetime import date

from services.scoring.domain.card import Card
from services.scoring.domain.refusals import NoBookInForce, SubjectUnknown
from services.scoring.domain.rule_book import decimal_points
from services.scoring.domain.score import Score, score
from services.scoring.domain.subject import Subject
from services.scoring.use_cases.access import known_subject
from services.scoring.use_cases.ports import Announcement, Behind, Ports
from shared.events.base import Event, Fact
from shared.events.scoring import ScoreChanged
from shared.kernel.calendar import Period
from shared.kernel.clock import local_day
from shared.kernel.ids import EventId, derived_id

_SOURCE = "scoring"
_AT_ONCE = 200


async def announce_scores(ports: Ports) -> int:
    """Record one `ScoreChanged` for each card whose state was not announced; returns how many.

    The cards say what is true and the announcements what was said, so a crash between the two repeats nothing and
    loses nothing. Many changes of a card in a short time are one announcement. A card nobody can be told of is passed
    over: no book rules its period, or its subject is unknown or not scored. Should members' facts bring the subject
    later, whoever learns it has the card looked at again.
    """
    told = 0
    looked_at: list[Behind] = []
    announcements: list[Announcement] = []
    async for behind in ports.cards.behind():
        looked_at.append(behind)
        announcement = await _announcement(behind.card, ports)
        if announcement is not None:
            announcements.append(announcement)
        if len(looked_at) == _AT_ONCE:
            told += await _record(announcements, looked_at, ports)
            announcements, looked_at = [], []
    return told + await _record(announcements, looked_at, ports)


async def _record(announcements: list[Announcement], looked_at: list[Behind], ports: Ports) -> int:
    if announcements:
        await ports.announcements.announce(announcements)
    if looked_at:
        await ports.cards.caught_up(looked_at)
    return len(announcements)


async def _announcement(card: Card, ports: Ports) -> Announcement | None:
    """The news of a card; None when there is nobody it would be news of."""
    period = Period.parse(card.key.period)
    try:
        book = ports.generation.book(card.key.standard, period)
        subject = await known_subject(ports.directory, card.key.standard, card.key.subject_id, book, period)
    except (NoBookInForce, SubjectUnknown):
        return None
    scored = score(card, book)
    names = (card.key.standard, card.key.subject_id, card.key.period)
    now = ports.clock.now()
    fact: Fact[Event] = Fact(
        id=EventId(derived_id("score-changed", ports.generation.id, *names, scored.card_digest)),
        source=_SOURCE,
        subject="/".join(names),
        revision=card.size,
        recorded_at=now,
        path=subject.home,
        event=_event(scored, subject, ports.generation.id, local_day(now)),
    )
    return Announcement(card.key, card.size, fact)


def _event(scored: Score, subject: Subject, generation: str, today: date) -> ScoreChanged:
    attainable = scored.attainable
    return ScoreChanged(
        standard=scored.key.standard,
        subject_id=subject.id,
        organisation_id=subject.home.organisation_id,
        period=scored.key.period,
        generation=generation,
        book_version=scored.book.version,
        state="live",
        card_digest=scored.card_digest,
        points=None if scored.points is None else decimal_points(scored.points),
        items=decimal_points(scored.items),
        attainable=None if attainable is None else decimal_points(attainable),
        occurred_on=today,
    )
