"""Seal a period: every subject's score, each with a fact of its own."""

from services.scoring.domain.closing import Closing, SealRecord, period_before, seal_id
from services.scoring.domain.seal import Known, seal
from services.scoring.domain.subject import Subject
from services.scoring.use_cases.closing_ports import ClosingPorts
from services.scoring.use_cases.correct_sealed import known_of
from services.scoring.use_cases.reckon_scores import key_of
from services.scoring.use_cases.township_subjects import township_subjects
from shared.kernel.calendar import Period
from shared.kernel.errors import AlreadyThere, Stale, Unavailable


async def seal_period(closing: Closing, ports: ClosingPorts) -> int:
    """Seal what is not sealed yet; returns how many subjects this call sealed.

    Whoever is stopped in the middle goes on where he stopped, and of two at work each subject is sealed by one: what is
    sealed stays, whatever was folded since. The score and what stands inside come from one reading of ledger and seals,
    so they cannot differ; what is folded after that reading is late, as is what nobody knew.

    Raises NoBookInForce, SealTooLarge (naming the subject), Unavailable while the seal of the period before is recorded
    and not folded yet.
    """
    period = Period.parse(closing.period)
    book = ports.scored.generation.book(closing.standard, period)
    before = period_before(ports.scored.generation, closing.standard, period)
    sealed = 0
    async for page in township_subjects(closing.township_id, book, period, ports.scored.directory):
        for subject in page:
            sealed += await _seal(subject, closing, before, ports)
    subjects = await ports.seals.count(closing.id)
    try:
        await ports.closings.save(closing.sealed(subjects=subjects, on=ports.scored.clock.today()))
    except Stale:  # another worker was quicker
        return sealed
    return sealed


async def _seal(subject: Subject, closing: Closing, before: Period | None, ports: ClosingPorts) -> bool:
    if await ports.seals.find(seal_id(subject.standard, subject.id, closing.period)) is not None:
        return False
    key = key_of(subject, closing.period)
    known = await known_of((subject.standard, subject.id), ports.scored, besides=key)
    if before is not None:
        await _require_folded(subject, before, known, ports)
    made = seal(key, known, ports.scored.generation, ports.scored.clock.now())
    record, fact = SealRecord.of(made, subject, closing)
    try:
        await ports.seals.save(record, fact)
    except AlreadyThere:
        return False
    return True


async def _require_folded(subject: Subject, before: Period, known: Known, ports: ClosingPorts) -> None:
    """What came too late for the period before is posted to this one only if its seal is known.

    The barrier waits for what was published; the seal before may still wait for the relay. Raises Unavailable.
    """
    if before.name in known.seals:
        return
    if await ports.seals.find(seal_id(subject.standard, subject.id, before.name)) is not None:
        raise Unavailable("the seals of the period before")
