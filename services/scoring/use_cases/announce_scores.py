"""Announce scores that are now others than was last said."""

from datetime import date

from services.scoring.domain.awards import LASTING
from services.scoring.domain.card import Card
from services.scoring.domain.periods import Asked
from services.scoring.domain.points import decimal_points
from services.scoring.domain.refusals import NoBookInForce, SubjectUnknown
from services.scoring.use_cases.access import known_subject
from services.scoring.use_cases.ports import Announcement, Behind, Ports
from services.scoring.use_cases.reckon_scores import SubjectScore, reckon_scores
from shared.events.base import Event, Fact
from shared.events.scoring import ScoreChanged, ScoreState
from shared.kernel.calendar import Period
from shared.kernel.clock import local_day
from shared.kernel.ids import EventId, derived_id

_SOURCE = "scoring"
_AT_ONCE = 200
_LAST_NEWS = 2**52


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
        announcement = await _announcement(behind, ports)
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


async def _announcement(behind: Behind, ports: Ports) -> Announcement | None:
    """The news of a card; None when there is nobody it would be news of."""
    key = behind.card.key
    if key.period == LASTING:
        # Of what lasts nothing is told by itself, but all the subject's scores may be others now.
        await ports.cards.look_again(key.standard, key.subject_id)
        return None
    period = Period.parse(key.period)
    try:
        book = ports.generation.book(key.standard, period)
        subject = await known_subject(ports.directory, key.standard, key.subject_id, book, period)
    except (NoBookInForce, SubjectUnknown):
        return None
    lasting = (await ports.cards.get([key.lasting]))[key.lasting]
    [found] = await reckon_scores([subject], Asked(period, ((period, book),)), ports)
    digest = f"{found.score.card_digest} {found.state}" if found.state != "live" else found.score.card_digest
    names = (key.standard, key.subject_id, key.period)
    size = _size(behind.card, lasting, found.state)
    now = ports.clock.now()
    fact: Fact[Event] = Fact(
        id=EventId(derived_id("score-changed", ports.generation.id, *names, digest)),
        source=_SOURCE,
        subject="/".join(names),
        revision=size,
        recorded_at=now,
        path=subject.home,
        event=_event(found, ports.generation.id, local_day(now)),
    )
    return Announcement(key, size, fact)


def _size(card: Card, lasting: Card, state: ScoreState) -> int:
    """What grows with every news of a card: its entries, then that it is on notice; a seal is the last news."""
    if state == "sealed":
        return _LAST_NEWS
    return 2 * (card.size + lasting.size) + (state == "notice")


def _event(found: SubjectScore, generation: str, today: date) -> ScoreChanged:
    score, subject = found.score, found.subject
    return ScoreChanged(
        standard=score.key.standard,
        subject_id=subject.id,
        organisation_id=subject.home.organisation_id,
        period=score.key.period,
        generation=generation,
        book_version=score.book.version,
        state=found.state,
        card_digest=score.card_digest,
        points=None if score.points is None else decimal_points(score.points),
        items=decimal_points(score.items),
        attainable=None if score.attainable is None else decimal_points(score.attainable),
        corrections=decimal_points(score.corrections) if score.corrections else None,
        occurred_on=today,
    )
