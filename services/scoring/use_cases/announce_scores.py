"""Announce scores that are now others than was last said."""

from collections.abc import Iterable, Sequence
from datetime import date

from services.scoring.domain.awards import LASTING, CardKey
from services.scoring.domain.periods import Asked
from services.scoring.domain.points import decimal_points
from services.scoring.domain.refusals import NoBookInForce, SubjectUnknown
from services.scoring.domain.subject import Subject
from services.scoring.use_cases.access import known_subject
from services.scoring.use_cases.ports import Announcement, Behind, Ports
from services.scoring.use_cases.reckon_scores import SubjectScore, reckon_scores
from shared.events.scoring import ScoreChanged, Standard
from shared.kernel.calendar import Period
from shared.kernel.clock import local_day

_AT_ONCE = 200


async def announce_scores(ports: Ports) -> int:
    """Record one `ScoreChanged` for each card that says another thing than was told last; returns how many.

    The cards say what is true and the announcements what was said, so a crash between the two repeats nothing and
    loses nothing. Many changes of a card in a short time are one announcement, and a change that alters nothing people
    are told is none. A card nobody can be told of is passed over: no book rules its period, or its subject is unknown
    or not scored. Should members' facts bring the subject later, whoever learns it has the card looked at again.
    """
    told, last = 0, None
    while page := await ports.cards.behind(_AT_ONCE, last):
        last = page[-1].key
        told += await ports.announcements.announce(await _announcements(page, ports))
        await ports.cards.caught_up(page)
    return told


async def _announcements(page: Sequence[Behind], ports: Ports) -> list[Announcement]:
    """What the cards of a page say now; those of one standard and period are reckoned together."""
    touches = {behind.key: behind.touches for behind in page}
    together: dict[tuple[Standard, str], list[str]] = {}
    for key in touches:
        together.setdefault((key.standard, key.period), []).append(key.subject_id)
    found: list[Announcement] = []
    for (standard, period), subject_ids in together.items():
        if period == LASTING:
            # Of what lasts nothing is told by itself, but all the subjects' scores may be others now.
            await ports.cards.look_again(standard, *subject_ids)
            continue
        scores = await _scores(standard, period, subject_ids, ports)
        now = ports.clock.now()
        for each in scores:
            key = CardKey(standard, each.subject.id, period)
            event = _event(each, ports.generation.id, local_day(now))
            found.append(Announcement(key, touches[key], event, each.subject.home, now))
    return found


async def _scores(standard: Standard, name: str, subject_ids: Iterable[str], ports: Ports) -> Sequence[SubjectScore]:
    """The scores of those subjects that can be told of."""
    period = Period.parse(name)
    subjects: list[Subject] = []
    try:
        book = ports.generation.book(standard, period)
    except NoBookInForce:
        return ()
    for subject_id in subject_ids:
        try:
            subjects.append(await known_subject(ports.directory, standard, subject_id, book, period))
        except SubjectUnknown:
            continue
    return await reckon_scores(subjects, Asked(period, ((period, book),)), ports)


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
