"""File an objection (异议): the subject says that an award of his is wrong."""

from dataclasses import dataclass

from services.scoring.domain.awards import Award, CardKey
from services.scoring.domain.deed import a_person
from services.scoring.domain.objection import Objection, ObjectionId
from services.scoring.domain.record_refusals import AwardReversedAlready, AwardUnknown
from services.scoring.domain.refusals import PeriodUnclear
from services.scoring.domain.subject import Subject
from services.scoring.use_cases.access import own_subject
from services.scoring.use_cases.follow_if_moved import follow_if_moved
from services.scoring.use_cases.record_ports import RecordPorts
from shared.events.scoring import Standard
from shared.kernel.access import Caller
from shared.kernel.calendar import Period
from shared.kernel.creation import created_once
from shared.kernel.ids import digest_of
from shared.kernel.trail import TrailEntry


@dataclass(frozen=True, slots=True)
class FileObjection:
    """Against which award of whose ledger, under which rule, and why."""

    by: Caller
    objection_id: ObjectionId
    standard: Standard
    subject_id: str
    period: str
    award_id: str
    rule_id: str
    text: str

    def digest(self) -> str:
        """What makes two uploads the same objection."""
        return digest_of(
            {
                "standard": self.standard,
                "subject": self.subject_id,
                "period": self.period,
                "award": self.award_id,
                "rule": self.rule_id,
                "text": self.text,
            }
        )


async def file_objection(command: FileObjection, ports: RecordPorts) -> Objection:
    """Store the objection once; the same upload again gives the one that is there.

    Raises PeriodUnclear, SubjectUnknown, ObjectionOfAnother, Forbidden, AwardUnknown, AwardReversedAlready,
    AwardObjectedAlready, and AlreadyThere when the id names another objection.
    """
    try:
        period = Period.parse(command.period)
    except ValueError:
        raise PeriodUnclear(period=command.period) from None
    subject = await own_subject(ports.directory, command.by, command.standard, command.subject_id, period)

    async def file() -> Objection:
        objection = await _against(command, subject, ports)
        await ports.objections.save(objection, objection.filed())
        return objection

    objection = await created_once(file, lambda: ports.objections.find(command.objection_id), digest=command.digest)
    await follow_if_moved(objection.path, ports.objections, ports.directory)
    return objection


async def _against(command: FileObjection, subject: Subject, ports: RecordPorts) -> Objection:
    filed_by, award = a_person(command.by), await _standing_award(command, ports)
    return Objection(
        id=command.objection_id,
        standard=command.standard,
        subject_id=subject.id,
        organisation_id=subject.home.organisation_id,
        path=subject.home,
        period=award.card.period,
        award_id=award.id,
        rule_id=award.rule_id,
        counts_on=award.day,
        text=command.text,
        filed_by=filed_by,
        filed_on=ports.clock.today(),
        made_from=command.digest(),
        trail=(TrailEntry.left_by(command.by, "filed", at=ports.clock.now()),),
    )


async def _standing_award(command: FileObjection, ports: RecordPorts) -> Award:
    """The award objected to, if it is there and counts. Raises AwardUnknown, AwardReversedAlready."""
    entries = await ports.ledger.entries(CardKey(command.standard, command.subject_id, command.period))
    award = next((entry for entry in entries if entry.id == command.award_id and not entry.takes_back), None)
    if award is None or award.rule_id != command.rule_id:
        raise AwardUnknown
    if any(entry.takes_back and entry.award_id == award.id for entry in entries):
        raise AwardReversedAlready
    return award
